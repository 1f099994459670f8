"""`soleus calibrate --delay`: a hidden delay found from flashes, pulses and taps, and refused where it is not clear."""

import json
import pathlib
import re
import tempfile

import h5py
import numpy as np

from soleus_program import ProgramTest, main, run
from sync_streams import SIGNAL_HZ, uneven_times, write_flashes, write_pulses, write_taps

USAGE, BAD_INPUT = 2, 3
SIGNAL_TOLERANCE_S = 0.002
DELAYS_S = (0, 0.137, 0.3)


class Delay(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.random = np.random.default_rng(1001)
        self.events = uneven_times(self.random, 14)
        self.length = self.events[-1] + 2

    def measure(self, given, against, *options):
        done = run("calibrate", "--delay", given, "--against", against, "--json", *options, cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        return json.loads(done.out)

    def check(self, found, delay_s, tolerance_s):
        error = found["delay_s"] - delay_s
        print(f"{found['input']}: {1e3 * error:+.2f} ms, said +- {1e3 * found['delay_uncertainty_s']:.2f} ms")
        self.assertLess(abs(error), tolerance_s)
        self.assertLess(abs(error), found["delay_uncertainty_s"])
        self.assertLess(found["delay_uncertainty_s"], 3 * tolerance_s)
        self.assertLess(abs(found["correlation"]["delay_s"] - delay_s), 10 * tolerance_s)
        self.assertGreaterEqual(found["events"]["matched"], 0.8 * len(self.events))

    def refuse(self, code, words, *arguments):
        self.check_refusal(code, words, "calibrate", "--delay", *arguments, cwd=self.folder, quick_s=20)

    def test_flashes_against_a_sync_line(self):
        write_pulses(self.folder / "board.csv", self.random, self.events, self.length)
        for delay_s, frames_per_s, whole in zip(DELAYS_S, (25, 30, 50), (False, False, True)):
            write_flashes(self.folder / "screen.mkv", self.random, self.events + delay_s, self.length, frames_per_s, whole)
            self.check(self.measure("screen.mkv", "board.csv#sync"), delay_s, 0.25 / frames_per_s)
            if not whole:
                found = self.measure("screen.mkv", "board.csv#sync", "--region", "144,4,12,12")
                self.check(found, delay_s, 0.25 / frames_per_s)

    def test_taps_in_sound_and_force(self):
        for delay_s in DELAYS_S:
            write_taps(self.folder / "doppler.wav", self.random, self.events + delay_s, self.length)
            write_pulses(self.folder / "board.csv", self.random, self.events, self.length, contractions=True)
            self.check(self.measure("doppler.wav", "board.csv#force"), delay_s, SIGNAL_TOLERANCE_S)
            self.check(self.measure("doppler.wav#2", "board.csv#force"), delay_s, SIGNAL_TOLERANCE_S)
            self.check(self.measure("board.csv#force", "doppler.wav"), -delay_s, SIGNAL_TOLERANCE_S)

    def test_missing_and_extra_pulses(self):
        seen = np.sort(np.r_[self.events[self.random.random(14) > 0.15], self.random.uniform(1, self.length - 1, 4)])
        write_pulses(self.folder / "emg.csv", self.random, seen + 0.21, self.length + 1)
        write_pulses(self.folder / "board.csv", self.random, self.events, self.length)
        found = self.measure("emg.csv#sync", "board.csv#sync")
        self.assertLess(abs(found["delay_s"] - 0.21), SIGNAL_TOLERANCE_S)
        self.assertGreater(found["events"]["unmatched_input"], 0)
        self.assertGreater(found["events"]["unmatched_against"], 0)

    def test_the_offset_that_it_tells_aligns_an_imported_file(self):
        """The other recorder was started 7.25 s earlier; its file is kept with a session whose clock is the board's."""
        write_pulses(self.folder / "other.csv", self.random, self.events + 7.25, self.length + 8)
        write_pulses(self.folder / "board.csv", self.random, self.events, self.length)
        done = run("calibrate", "--delay", "board.csv#sync", "--against", "other.csv#sync", "--within", "20", "-o", "o.yaml",
                   cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        offset = float(re.search(r"--signal NAME=other.csv#sync@(\S+)", done.out)[1])
        self.assertAlmostEqual(offset, -7.25, delta=SIGNAL_TOLERANCE_S)
        text = (self.folder / "o.yaml").read_text()
        self.assertAlmostEqual(float(re.search(r"(?m)^delay_s: (\S+)", text)[1]), offset, places=5)
        for key in ("schema: soleus.delay/1", "sha256: ", "delay_uncertainty_s: ", "matched: 14", "correlation: {"):
            self.assertIn(key, text)

    def test_a_signal_of_a_session(self):
        write_pulses(self.folder / "board.csv", self.random, self.events, self.length)
        time = np.arange(int(self.length * SIGNAL_HZ)) / SIGNAL_HZ
        value = np.float32([any(0 <= t - e < 0.05 for e in self.events + 0.08) for t in time])
        with h5py.File(self.folder / "session.h5", "w") as file:
            file.attrs["schema"] = "soleus.session/1"
            file["signals/sync/time"] = time
            file["signals/sync/value"] = value
        self.check(self.measure("session.h5#sync", "board.csv#sync"), 0.08, SIGNAL_TOLERANCE_S)
        self.refuse(BAD_INPUT, ["session.h5", "'sync'"], "session.h5#other", "--against", "board.csv#sync")

    def test_what_is_not_clear_is_refused(self):
        even = 1.5 + 0.4 * np.arange(30)
        write_pulses(self.folder / "board.csv", self.random, self.events, self.length)
        write_pulses(self.folder / "even.csv", self.random, even, 15)
        write_pulses(self.folder / "late.csv", self.random, even + 0.1, 15)
        write_pulses(self.folder / "far.csv", self.random, self.events + 5, self.length + 5)
        write_pulses(self.folder / "none.csv", self.random, np.array([]), 15, contractions=True)
        board = ("--against", "board.csv#sync")
        self.refuse(BAD_INPUT, ["late.csv", "not clear", "events meet"], "late.csv#sync", "--against", "even.csv#sync")
        self.refuse(BAD_INPUT, ["far.csv", "-500.0 ms"], "far.csv#sync", *board)
        self.refuse(BAD_INPUT, ["none.csv", "events"], "none.csv#sync", *board)
        self.refuse(BAD_INPUT, ["board.csv", "2 channels"], "board.csv", *board)
        self.refuse(BAD_INPUT, ["missing.csv"], "missing.csv", *board)
        self.refuse(USAGE, ["--against"], "board.csv#sync")
        self.refuse(USAGE, ["--within"], "board.csv#sync", *board, "--within", "0")
        self.refuse(BAD_INPUT, ["board.csv", "input"], "far.csv#sync", *board, "-o", "board.csv", "--force")


if __name__ == "__main__":
    main()
