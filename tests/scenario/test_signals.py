"""Signals of a measuring board beside the video: times, losses, faults, and set-ups that cannot be recorded."""

import pathlib
import socket
import tempfile
import time

import h5py
import numpy as np

from boards import LINES, RATE, Board, SerialBoard, free_port
from soleus_program import PATIENCE, SCENARIOS, ProgramTest, main, run, start, wait_for_file

BAD_INPUT, SOURCE = 3, 4


class Signals(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.port = free_port()

    def lab(self, more="", name="board", address="127.0.0.1", channels="{name: emg, units: mV, gain: 0.001}, {name: count, units: '1'}"):
        (self.folder / "lab.yaml").write_text(f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'quick.yaml'}}}
signals:
  - {{name: {name}, source: udp, address: {address}, port: {self.port}, samples_per_second: {RATE}, {more}
     channels: [{channels}]}}
""")

    def record(self, seconds, board):
        board.start()
        self.addCleanup(board.stopped.set)
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", seconds, cwd=self.folder)
        board.stopped.set()
        board.join()
        self.assertEqual(done.code, 0, done.err)
        checked = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual((checked.code, checked.err), (0, ""), checked.out)
        return done, h5py.File(self.folder / "out.h5")

    def record_off_and_on(self, board):
        """Records a board that is off for 4 s, then another in its place; what the file's events say. Told by the
        recording, not by the test's own clock: a busy machine takes seconds to begin one."""
        first = board()
        first.start()
        process = start("record", "lab.yaml", "-o", "out.h5", "--duration", 12, cwd=self.folder)
        wait_for_file(self.folder, "out.h5", process)
        time.sleep(3)
        first.stopped.set()
        first.join()
        time.sleep(4)
        second = board()
        second.start()
        self.addCleanup(second.stopped.set)
        _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertEqual(run("verify", "out.h5", cwd=self.folder).code, 0)
        with h5py.File(self.folder / "out.h5") as file:
            return " ".join(self.events(file))

    def events(self, file):
        return [b"".join(label).decode() for label in file["events/label"][:]]

    def test_times_are_the_boards(self):
        self.lab()
        board = Board(self.port, drift_ppm=150)
        _, file = self.record(11, board)
        with file:
            number = file["signals/emg/value"][:] * 1000
            times = file["signals/emg/time"][:]
            stream = file["streams/board"]
            self.assertEqual(len(number), stream.attrs["written"])
            self.assertEqual(stream.attrs["received"], stream.attrs["written"])
            np.testing.assert_allclose(number, np.arange(round(number[0]), round(number[0]) + len(number)), atol=0.01)
            np.testing.assert_array_equal(file["signals/count/value"][:], -np.round(number))
            self.assertEqual(file["signals/emg/value"].attrs["units"], "mV")
            self.assertGreater(len(times), (11 - 0.6 * PATIENCE) * RATE)
            self.assertTrue((np.diff(times) > 0).all())
            # A constant delay and origin apart, each sample lies where it was taken.
            late = times - np.array(board.sent)[np.round(number).astype(int)]
            settled = late[len(late) // 2:]
            self.assertLess(np.ptp(settled), 0.002 * PATIENCE)
            # Arrival less session time is the origin for both streams, and some delay.
            origin = {name: np.median(s["arrival_time_ns"][:] - s["session_time_ns"][:]) * 1e-9
                      for name, s in file["streams"].items()}
            self.assertLess(abs(origin["board"] - origin["video"]), 0.1 * PATIENCE)
            drift = stream["clock/drift_ppm"][-1]  # missing while it is not known to 20 ppm
            if np.isfinite(drift):
                self.assertTrue(50 < drift < 250, drift)
            if PATIENCE == 1:
                self.assertEqual(self.events(file), [])

    def test_measured_delays_move_session_times_alone(self):
        self.lab("delay_s: 1, delay_uncertainty_s: 0.002,")
        lab = (self.folder / "lab.yaml").read_text()
        (self.folder / "lab.yaml").write_text(lab.replace(
            "video: {", "video: {delay_s: 3, delay_uncertainty_s: 0.004, "))
        _, file = self.record(5, Board(self.port))
        with file:
            streams = file["streams"]
            for name, delay, uncertainty in (("video", 3, 0.004), ("measurement", 3, 0.004), ("board", 1, 0.002)):
                self.assertEqual(streams[name].attrs["capture_delay_s"], delay)
                self.assertEqual(streams[name].attrs["capture_delay_uncertainty_s"], uncertainty)
            # What arrives together was taken 2 s earlier in the video, and the first frame is session time 0.
            self.assertEqual(streams["video/session_time_ns"][0], 0)
            origin = {name: np.median(s["arrival_time_ns"][:] - s["session_time_ns"][:]) * 1e-9 for name, s in streams.items()}
            self.assertLess(abs(origin["video"] - origin["board"] - 2), 0.1 * PATIENCE)
            np.testing.assert_array_equal(np.diff(streams["board/device_time_ns"][:]) > 0, True)
            configuration = file.attrs["configuration"]
            self.assertIn("delay_s: 3\n  delay_uncertainty_s: 0.004", configuration)
            self.assertIn("delay_s: 1\n    delay_uncertainty_s: 0.002", configuration)

    def test_half_a_delay_is_refused(self):
        self.lab("delay_s: 0.1,")
        self.check_refusal(BAD_INPUT, ["lab.yaml", "delay_uncertainty_s"], "record", "lab.yaml", "-o", "out.h5", cwd=self.folder)

    def test_losses_are_counted_and_said(self):
        def spoil(datagram, lines):
            if datagram % 40 == 10:
                return ""
            if datagram % 40 == 20:
                return "".join(lines[:2]) + "garbage\n" + "".join(lines[3:])
            if datagram % 40 == 30:
                return "".join(lines) + lines[-1]
            return "".join(lines)

        self.lab()
        done, file = self.record(6, Board(self.port, spoil=spoil))
        with file:
            stream = file["streams/board"]
            lost, unread, twice = (int(stream.attrs[f"dropped_{cause}"]) for cause in ("source", "malformed", "duplicate"))
            self.assertEqual(stream.attrs["received"], stream.attrs["written"] + lost + unread + twice)
            self.assertGreaterEqual(lost, 5 * LINES)
            self.assertGreaterEqual(unread, 5)
            self.assertGreaterEqual(twice, 5)
            causes = [b"".join(c).decode() for c in stream["gaps/cause"][:]]
            counts = stream["gaps/count"][:]
            self.assertEqual(sum(n for n, c in zip(counts, causes) if c == "source"), lost)
            # One that was lost around the beginning of the session is not wholly its loss.
            for count, cause, begin in zip(counts, causes, stream["gaps/start_s"][:]):
                self.assertTrue(cause != "source" or begin == 0 or count % LINES == 0, (count, begin))
            self.assertEqual(sum(n for n, c in zip(counts, causes) if c == "malformed"), unread)
            missing = np.diff(np.round(file["signals/count/value"][:] * -1)) - 1
            self.assertEqual(missing.sum(), lost + unread)
            self.assertTrue(any("cannot be read" in label for label in self.events(file)), self.events(file))
        self.assertIn("samples, board", done.out)

    def test_a_token_keeps_strangers_out(self):
        self.lab(more="token: calf7,", address="0.0.0.0")
        done, file = self.record(2, Board(self.port))
        with file:
            self.assertEqual(len(file["signals/emg/time"]), 0)
            self.assertTrue(any("without its token" in label for label in self.events(file)))
            self.assertNotIn("calf7", file.attrs["configuration"])
        (self.folder / "out.h5").unlink()
        done, file = self.record(2, Board(self.port, head="calf7 "))
        with file:
            self.assertGreater(len(file["signals/emg/time"]), RATE)

    def test_a_silent_board_ends_nothing(self):
        self.lab()
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 4, cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual(file["streams/board"].attrs["received"], 0)
            self.assertGreater(len(file["doppler/time"]), 0)
            self.assertEqual(self.events(file), ["Signals of board: no samples come from here"])
        self.assertIn("NOTHING WAS RECORDED", done.out)
        self.assertEqual(run("verify", "out.h5", cwd=self.folder).code, 0)

    def test_a_board_that_is_switched_off_and_on(self):
        self.lab()
        said = self.record_off_and_on(lambda: Board(self.port))
        with h5py.File(self.folder / "out.h5") as file:
            for words in ("no samples come from here", "samples come again", "began to count anew"):
                self.assertIn(words, said)
            count = -file["signals/count/value"][:]
            again = int(np.argmin(np.diff(count))) + 1
            times = file["signals/count/time"][:]
            self.assertTrue((np.diff(times) > 0).all())
            self.assertTrue(2.5 < times[again] - times[again - 1] < 6 * PATIENCE, times[again - 1:again + 1])
            self.assertEqual(int(file["streams/board"].attrs["dropped_source"]), 0)

    def serial_lab(self, more=""):
        (self.folder / "lab.yaml").write_text(f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'quick.yaml'}}}
signals:
  - {{name: board, source: serial, device: {self.folder / 'port'}, samples_per_second: {RATE}, {more}
     channels: [{{name: emg, units: mV, gain: 0.001}}, {{name: count, units: '1'}}]}}
""")

    def test_a_board_at_a_serial_port(self):
        self.serial_lab("baud: 230400,")
        _, file = self.record(8, SerialBoard(self.folder / "port", drift_ppm=-100))
        with file:
            stream = file["streams/board"]
            self.assertEqual(stream.attrs["received"], stream.attrs["written"])
            self.assertGreater(stream.attrs["written"], 7 * RATE / PATIENCE)
            number = np.round(file["signals/emg/value"][:] * 1000)
            np.testing.assert_array_equal(np.diff(number), 1)
            self.assertIn("source: serial", file.attrs["configuration"])

    def test_a_serial_board_that_is_unplugged_and_plugged_in_again(self):
        self.serial_lab()
        said = self.record_off_and_on(lambda: SerialBoard(self.folder / "port"))
        with h5py.File(self.folder / "out.h5") as file:
            for words in ("no samples come from here", "samples come again"):
                self.assertIn(words, said)
            times = file["signals/emg/time"][:]
            self.assertTrue(2.5 < np.diff(times).max() < 6 * PATIENCE, np.diff(times).max())
            self.assertEqual(file["streams/video"].attrs["received"], file["streams/video"].attrs["written"])

    def test_serial_ports_that_cannot_be_read(self):
        self.serial_lab()
        self.check_refusal(SOURCE, ["signals board", "cannot open", "port"], "record", "lab.yaml", "-o", "out.h5",
                           cwd=self.folder)
        (self.folder / "port").write_text("no port")
        self.check_refusal(SOURCE, ["signals board", "is no serial port"], "record", "lab.yaml", "-o", "out.h5",
                           cwd=self.folder)
        self.serial_lab("baud: 12345,")
        self.check_refusal(BAD_INPUT, ["lab.yaml:4", "12345"], "record", "lab.yaml", "-o", "out.h5", cwd=self.folder)

    def test_two_boards(self):
        ports = free_port(), free_port()
        (self.folder / "lab.yaml").write_text(f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'quick.yaml'}}}
signals:
""" + "".join(f"""  - {{name: board{n}, source: udp, port: {port}, channels: [{{name: emg{n}, units: mV}}, {{name: count{n}, units: '1'}}]}}
""" for n, port in enumerate(ports)))
        boards = [Board(port) for port in ports]
        boards[1].start()
        self.addCleanup(boards[1].stopped.set)
        _, file = self.record(3, boards[0])
        with file:
            for n in (0, 1):
                stream = file[f"streams/board{n}"]
                self.assertGreater(stream.attrs["written"], 2 * RATE / PATIENCE)
                self.assertEqual(stream.attrs["received"], stream.attrs["written"])
                self.assertEqual(len(file[f"signals/emg{n}/time"]), stream.attrs["written"])
                self.assertTrue(np.isnan(file[f"signals/emg{n}"].attrs["sampling_rate"]))

    def test_beside_a_recorded_video(self):
        self.lab()
        text = (self.folder / "lab.yaml").read_text()
        (self.folder / "lab.yaml").write_text(text.replace("source: phantom,", "source: phantom, live: false,"))
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 1, cwd=self.folder)
        self.assertEqual(done.code, BAD_INPUT, done.err)
        self.assertIn("no common time", done.err)

    def test_a_port_that_is_taken(self):
        self.lab()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", self.port))
            done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 2, cwd=self.folder)
        self.assertEqual(done.code, SOURCE, done.err)
        self.assertIn(str(self.port), done.err)
        self.assertFalse((self.folder / "out.h5").exists())

    def test_set_ups_that_cannot_be_recorded(self):
        for change, expected in (
                (dict(address="0.0.0.0"), "token"),
                (dict(name="video"), "taken"),
                (dict(name="my board"), "not a name"),
                (dict(channels="{name: emg, units: mV}, {name: emg, units: mV}"), "channel emg"),
                (dict(channels=""), "no channel"),
                (dict(address="localhost", more="token: x,"), "in digits"),
                (dict(more="token: 'two words',"), "one word")):
            self.lab(**change)
            done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 1, cwd=self.folder)
            self.assertEqual(done.code, BAD_INPUT, (change, done.err))
            self.assertIn(expected, done.err)
            self.assertEqual(len(done.err.strip().splitlines()), 1, done.err)
            self.assertFalse((self.folder / "out.h5").exists())


if __name__ == "__main__":
    main()
