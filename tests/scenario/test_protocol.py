"""Protocols: cues given while it records, cues added to a recording, and what the report says was done."""

import json
import pathlib
import shutil
import tempfile

import h5py

from recordings import shorter_scenario
from soleus_program import PATIENCE, RECORDINGS, ProgramTest, main, run

BAD_INPUT = 3
USAGE = 2
SHORT = """schema: soleus.protocol/1
name: short_rises
title: Three rises
posture: Standing
instruction: Rise at each cue.
muscle: Soleus
expects: contraction
rest_before_s: 12
cues: {text: "Up, and down", count: 3, interval_s: 1.5, hold_s: 0}
rest_after_s: 1
"""


class Bench(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "short.yaml").write_text(SHORT)

    def numbers(self, session):
        done = run("report", session, "-o", "numbers.json", "--force", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        return json.loads((self.folder / "numbers.json").read_text())

    def check_sound(self, session):
        done = run("verify", session, cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""), done.out)

    def cues(self, session):
        """Times in s and texts."""
        with h5py.File(self.folder / session) as file:
            kinds = file["events/kind"].attrs["flag_meanings"].split()
            rows = zip(file["events/time"][:], file["events/kind"][:], file["events/label"][:])
            return [(time, b"".join(label).decode()) for time, kind, label in rows if kinds[kind] == "cue"]


class Record(Bench):
    def lab(self, protocol, video="source: phantom, scenario: phantom.yaml", more=""):
        shorter_scenario("quick", 20, 4, self.folder / "phantom.yaml")
        text = f"schema: soleus.lab/1\nvideo: {{{video}}}\nprotocol: {protocol}\n{more}"
        (self.folder / "lab.yaml").write_text(text)

    def test_cues_are_given_and_kept(self):
        self.lab("short.yaml")
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 17, cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        cues = self.cues("out.h5")
        self.assertEqual([text for _, text in cues], [f"{n} of 3: Up, and down" for n in (1, 2, 3)])
        for (time, _), asked in zip(cues, (12, 13.5, 15)):
            print(f"asked at {asked} s, given {1e3 * (time - asked):+.1f} ms later")
            self.assertAlmostEqual(time, asked, delta=0.05 * PATIENCE)
        # One line each, with what comes next.
        said = done.err.splitlines()
        self.assertEqual(len(said), 5, done.err)
        self.assertIn("first cue in 12 s", said[0])
        self.assertIn("1 of 3: Up, and down - the next in 1.5 s", said[1])
        self.assertIn("over", said[4])
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual(file.attrs["protocol"], "short_rises")
            self.assertEqual(file.attrs["condition"], "Three rises")
            self.assertIn("  rest_before_s: 12\n", file.attrs["configuration"])
            self.assertIn("text: 'Up, and down', count: 3, interval_s: 1.5", file.attrs["configuration"])
        self.check_sound("out.h5")
        protocol = self.numbers("out.h5")["protocol"]
        # The phantom heeds no cue: its third contraction is at 11 s, its fourth at 15.
        self.assertEqual((protocol["asked"], protocol["given"], protocol["done"]), (3, 3, 1))

    def test_a_recording_that_ends_sooner_keeps_what_was_given(self):
        # The second is due long after the end, also on a machine that lags.
        (self.folder / "short.yaml").write_text(SHORT.replace("interval_s: 1.5", "interval_s: 30"))
        self.lab("short.yaml", more="session: {condition: standing}\n")
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 13, cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("ends before the protocol", done.err)
        self.assertEqual([text for _, text in self.cues("out.h5")], ["1 of 3: Up, and down"])
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual(file.attrs["condition"], "standing")
        numbers = self.numbers("out.h5")
        self.assertEqual(numbers["protocol"]["given"], 1)


class Refused(Bench):
    def refuse(self, names, protocol, video="source: phantom, scenario: phantom.yaml"):
        Record.lab(self, protocol, video)
        self.check_refusal(BAD_INPUT, names, "record", "lab.yaml", "-o", "out.h5", cwd=self.folder)

    def test_set_ups_that_ask_nobody(self):
        self.refuse(["lab.yaml:3, protocol", "no such protocol", "tip_toe_ten"], "tiptoe")
        self.refuse(["lab.yaml:3, protocol", "missing.yaml"], "missing.yaml")
        self.refuse(
            ["lab.yaml:3, protocol", "not live", "--protocol"],
            "rest",
            "source: phantom, scenario: phantom.yaml, live: false",
        )
        (self.folder / "bad.yaml").write_text(SHORT.replace("count: 3", "count: 0"))
        self.refuse(["lab.yaml:3, protocol", "bad.yaml:9, cues.count", "out of range"], "bad.yaml")

    def test_analyses(self):
        for name in ("quick.mkv", "quick.calibration.yaml"):
            shutil.copy(RECORDINGS / name, self.folder)
        analyse = ("analyse", "quick.mkv", "--calibration", "quick.calibration.yaml", "-o", "out.h5")
        self.check_refusal(BAD_INPUT, ["short.yml", "no such protocol"], *analyse, "--protocol", "./short.yml", cwd=self.folder)
        (self.folder / "bad.yaml").write_text(SHORT + "music: loud\n")
        self.check_refusal(BAD_INPUT, ["bad.yaml:11, music"], *analyse, "--protocol", "bad.yaml", cwd=self.folder)
        outside = ("--protocol", "short.yaml", "--protocol-start", 40)
        self.check_refusal(BAD_INPUT, ["short_rises", "40 to", "--protocol-start"], *analyse, *outside, cwd=self.folder, quick_s=30)
        self.assertEqual(run(*analyse, "--protocol-start", 4, cwd=self.folder).code, USAGE)


class Analyse(Bench):
    def analyse(self, name, *protocol):
        done = run(
            "analyse", RECORDINGS / f"{name}.mkv", "--calibration", RECORDINGS / f"{name}.calibration.yaml",
            "-o", "out.h5", *protocol, cwd=self.folder, timeout_s=300
        )
        self.assertEqual((done.code, done.err), (0, ""))
        self.check_sound("out.h5")
        return self.numbers("out.h5")

    def test_all_that_was_asked_was_done(self):
        # The phantom's contractions begin at 6 s and every 5 s from then on; the cues 0.3 s before.
        (self.folder / "five.yaml").write_text(SHORT.replace("interval_s: 1.5", "interval_s: 5"))
        numbers = self.analyse("calf_raises", "--protocol", "five.yaml", "--protocol-start", -6.3)
        protocol = numbers["protocol"]
        self.assertEqual((protocol["asked"], protocol["given"], protocol["done"]), (3, 3, 3))
        self.assertEqual(protocol["unexpected"], [])
        self.assertAlmostEqual(protocol["delay_median_s"], 0.3, delta=0.05)
        for n, cue in enumerate(protocol["cues"]):
            self.assertAlmostEqual(cue["time_s"], 5.7 + 5 * n, places=6)
            self.assertEqual(cue["contraction"], n + 1)
            self.assertAlmostEqual(cue["delay_s"], 0.3, delta=0.06)
        self.assertEqual(len(self.cues("out.h5")), 3)
        self.assertEqual(numbers["condition"], "Three rises")

    def test_contractions_where_rest_was_asked_for(self):
        numbers = self.analyse("quick", "--protocol", "rest")
        protocol = numbers["protocol"]
        self.assertEqual(protocol["expects"], "rest")
        self.assertEqual(protocol["cues"], [])
        self.assertEqual(len(protocol["unexpected"]), numbers["contractions"]["count"])
        self.assertGreater(len(protocol["unexpected"]), 0)
        self.assertAlmostEqual(protocol["ended_early_s"], 108, delta=0.5)

    def test_of_sound(self):
        drawn = run("simulate", "quick.wav", "--scenario", RECORDINGS / "quick.yaml", cwd=self.folder)
        self.assertEqual(drawn.code, 0, drawn.err)
        done = run(
            "analyse", "quick.wav", "--calibration", "quick.calibration.yaml", "--protocol", "short.yaml",
            "--protocol-start", -9.2, "-o", "out.h5", cwd=self.folder
        )
        self.assertEqual((done.code, done.err), (0, ""))
        self.check_sound("out.h5")
        self.assertEqual([round(time, 6) for time, _ in self.cues("out.h5")], [2.8, 4.3, 5.8])
        protocol = self.numbers("out.h5")["protocol"]
        self.assertEqual([cue["contraction"] for cue in protocol["cues"]], [1, None, None])


if __name__ == "__main__":
    main()
