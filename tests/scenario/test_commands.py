"""Wrong usage, help, and the commands that read or draw: verify, report, info, simulate."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import h5py

from soleus_program import (
    PATIENCE,
    QUICK_S,
    RECORDINGS,
    SCENARIOS,
    ProgramTest,
    contents,
    main,
    run,
    start,
    wait_for_file,
)

USAGE, BAD_INPUT, STORAGE, FAULT_FOUND = 2, 3, 5, 6
COMMANDS = ("analyse", "compare", "export", "info", "record", "report", "simulate", "verify")


class Usage(ProgramTest):
    def check_usage(self, names, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            done = run(*arguments, cwd=folder)
            self.assertEqual(done.code, USAGE, done.err)
            self.assertEqual(done.out, "")
            self.assertTrue(done.err.strip())
            for name in names:
                self.assertIn(name, done.err)
            self.assertEqual(contents(folder), {})

    def test_nothing(self):
        self.check_usage(["--help"])

    def test_unknown_command(self):
        self.check_usage(["analize"], "analize", "calf.mkv")
        self.check_usage(["analize"], "analize", "--help")

    def test_unknown_option(self):
        self.check_usage(["--colour"], "verify", "a.h5", "--colour")

    def test_missing_argument(self):
        self.check_usage(["INPUT"], "analyse")
        self.check_usage(["--calibration"], "analyse", "calf.mkv", "-o", "calf.h5", "--from", "audio")
        self.check_usage(["--output"], "report", "calf.h5")

    def test_bad_number(self):
        self.check_usage(["--threads"], "analyse", "a.mkv", "--calibration", "b", "-o", "c.h5", "--threads", "many")
        self.check_usage(["--duration"], "record", "a.yaml", "-o", "c.h5", "--duration", "-3")
        self.check_usage(["--duration"], "record", "a.yaml", "-o", "c.h5", "--duration", "nan")
        self.check_usage(["--seed"], "simulate", "a.mkv", "--seed", "1.5")
        self.check_usage(["--random-screen"], "simulate", "a.mkv", "--random-screen", "any")

    def test_bad_choice(self):
        self.check_usage(["half_power"], "analyse", "a.mkv", "--calibration", "b", "-o", "c.h5", "--estimator", "best")

    def test_video_that_is_not_matroska(self):
        self.check_usage(["calf.mp4", ".mkv"], "simulate", "calf.mp4")

    def test_help(self):
        done = run("--help")
        self.assertEqual((done.code, done.err), (0, ""))
        for command in COMMANDS:
            self.assertIn(command, done.out)
            of_command = run(command, "--help")
            self.assertEqual((of_command.code, of_command.err), (0, ""))
            example = of_command.out.partition("Example:")[2]
            self.assertIn(f"soleus {command} ", example)
            # The example has to stay runnable: every option in it exists.
            for word in example.split():
                if word.startswith("-"):
                    self.assertIn(word, of_command.out.partition("Example:")[0])
        self.assertEqual(run("analyze", "--help").code, 0)

    def test_version(self):
        self.assertRegex(run("--version").out, r"^soleus \d+\.\d+\.\d+\n$")


class Bench(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "text.h5").write_text("Dear diary,\n" * 100)
        (self.folder / "empty.h5").touch()
        (self.folder / "folder.h5").mkdir()
        with h5py.File(self.folder / "other.h5", "w") as file:
            file["numbers"] = [1, 2, 3]
        (self.folder / "cut.h5").write_bytes((self.folder / "other.h5").read_bytes()[:1000])

    def refuse(self, code, names, *arguments):
        self.check_refusal(code, names, *arguments, cwd=self.folder)


class NotASession(Bench):
    FILES = ("text.h5", "empty.h5", "cut.h5", "other.h5", "missing.h5", "folder.h5")

    def test_verify(self):
        for name in (n for n in self.FILES if n != "other.h5"):
            with self.subTest(name):
                self.refuse(BAD_INPUT, [name, "found"], "verify", name)
        # What can be opened can be verified: its faults are findings.
        done = run("verify", "other.h5", cwd=self.folder)
        self.assertEqual(done.code, FAULT_FOUND)
        self.check_sentence(done, "other.h5")

    def test_report(self):
        for name in self.FILES:
            with self.subTest(name):
                self.refuse(BAD_INPUT, [name], "report", name, "-o", "page.html")

    def test_info(self):
        for name in self.FILES:
            with self.subTest(name):
                self.refuse(BAD_INPUT, [name], "info", name)
        for name in ("text.mkv", "text.yaml", "text"):
            (self.folder / name).write_text("Dear diary,\n" * 100)
            with self.subTest(name):
                self.refuse(BAD_INPUT, [name], "info", name)


class GoodSession(Bench):
    def setUp(self):
        super().setUp()
        shutil.copy(RECORDINGS / "quick.h5", self.folder / "quick.h5")

    def test_verify(self):
        done = run("verify", "quick.h5", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        listed = run("verify", "quick.h5", "--json", cwd=self.folder)
        self.assertEqual(json.loads(listed.out)["findings"], [])

    def test_knows_its_recording_by_the_digest(self):
        recording = (RECORDINGS / "quick.mkv").read_bytes()
        with h5py.File(self.folder / "quick.h5", "r") as file:
            configuration = file.attrs["configuration"]
        digest = hashlib.sha256(recording).hexdigest()
        self.assertIn(f"input: {{bytes: {len(recording)}, sha256: {digest}}}", configuration)

    def test_verify_names_the_damage(self):
        with h5py.File(self.folder / "quick.h5", "r+") as file:
            del file["doppler/peak_velocity"]
            file["doppler/time"][5] = file["doppler/time"][900]
        done = run("verify", "quick.h5", cwd=self.folder)
        self.assertEqual(done.code, FAULT_FOUND)
        self.assertIn("/doppler/peak_velocity", done.out)
        self.assertIn("/doppler/time", done.out)
        self.check_sentence(done, "quick.h5")
        listed = run("verify", "quick.h5", "--json", cwd=self.folder)
        self.assertEqual(listed.code, FAULT_FOUND)
        paths = [finding["path"] for finding in json.loads(listed.out)["findings"]]
        self.assertIn("/doppler/time", paths)

    def test_verify_truth(self):
        done = run("verify", RECORDINGS / "quick.truth.h5")
        self.assertEqual((done.code, done.err), (0, ""), done.out)

    def test_info_says_the_same_as_analyse(self):
        told = json.loads(run("info", "quick.h5", "--json", cwd=self.folder).out)
        self.assertEqual(told["status"], "complete")
        self.assertAlmostEqual(told["doppler"]["covered_s"], 12, delta=0.1)

    def test_info_of_a_stream_without_its_counts(self):
        with h5py.File(self.folder / "quick.h5", "r+") as file:
            video = file["streams/video"].attrs
            del video["received"]
            video["written"] = -1
            video["dropped_overload"] = "many"
        done = run("info", "quick.h5", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertIn("an unknown number received, an unknown number kept", done.out)
        self.assertIn("an unknown number lost (overload)", done.out)
        listed = run("info", "quick.h5", "--json", cwd=self.folder)
        self.assertEqual((listed.code, listed.err), (0, ""))
        streams = {stream["name"]: stream for stream in json.loads(listed.out)["streams"]}
        self.assertIsNone(streams["video"]["received"])

    def test_names_that_are_not_utf8(self):
        """As on a disk written by an old system: Latin-1 bytes in a name."""

        def latin1(ending):
            return os.fsdecode(b"W\xe4de" + ending.encode())

        for ending in (".h5", ".mkv", ".calibration.yaml"):
            shutil.copy(RECORDINGS / f"quick{ending}", self.folder / latin1(ending))
        session, video, profile = latin1(".h5"), latin1(".mkv"), latin1(".calibration.yaml")
        again = ["analyse", video, "--calibration", profile, "-o", latin1("2.h5"), "--title", latin1("")]
        for *command, key in (
            ["verify", session, "session"],
            ["info", session, "session"],
            ["info", video, "file"],
            ["info", profile, "file"],
            [*again, "session"],
            ["report", session, "-o", latin1(".html"), "session"],
        ):
            with self.subTest(command[:2]):
                done = run(*command, "--json", cwd=self.folder)
                self.assertEqual((done.code, done.err), (0, ""))
                self.assertIn("W\ufffdde", json.loads(done.out)[key])
        self.assertEqual(run("info", latin1("2.h5"), cwd=self.folder).code, 0)
        self.refuse(BAD_INPUT, ["W\ufffdde.txt", "no such file"], "info", latin1(".txt"))

    def test_info_of_each_kind(self):
        for name, kind in (("quick.mkv", "recording"), ("quick.calibration.yaml", "calibration profile")):
            done = run("info", RECORDINGS / name, "--json")
            self.assertEqual((done.code, done.err), (0, ""))
            self.assertEqual(json.loads(done.out)["kind"], kind)
            self.assertIn(kind, run("info", RECORDINGS / name).out)

    def test_report_as_json(self):
        done = run("report", "quick.h5", "--format", "json", "-o", "numbers.json", cwd=self.folder)
        self.assertEqual((done.code, done.out), (0, ""), done.err)
        printed = json.loads(run("info", "quick.h5", "--json", cwd=self.folder).out)
        numbers = json.loads((self.folder / "numbers.json").read_text())
        self.assertEqual(numbers["doppler"], printed["doppler"])
        self.refuse(BAD_INPUT, ["numbers.json", "--force"], "report", "quick.h5", "--format", "json", "-o", "numbers.json")

    def test_report(self):
        done = run("report", "quick.h5", "-o", "page.html", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        page = (self.folder / "page.html").read_text()
        self.assertIn("</html>", page)
        self.refuse(BAD_INPUT, ["page.html", "--force"], "report", "quick.h5", "-o", "page.html")
        self.refuse(BAD_INPUT, ["page.txt", "'.txt'", "'.html'"], "report", "quick.h5", "-o", "page.txt")
        self.refuse(BAD_INPUT, ["page", "no ending", "--format"], "report", "quick.h5", "-o", "page")
        self.refuse(BAD_INPUT, ["page.PDF", "no PDF"], "report", "quick.h5", "-o", "page.PDF", "--format", "html")
        self.assertEqual(run("report", "quick.h5", "-o", "other.HTM", cwd=self.folder).code, 0)
        self.assertIn("</html>", (self.folder / "other.HTM").read_text())
        self.refuse(STORAGE, ["nowhere/page.html"], "report", "quick.h5", "-o", "nowhere/page.html")

    def test_report_on_the_session_itself(self):
        self.refuse(BAD_INPUT, ["quick.h5"], "report", "quick.h5", "-o", "quick.h5", "--format", "html", "--force")


def video_times_s(recording):
    """Presentation times of the first track's packets, as GStreamer's demuxer hands them on."""
    chain = ["filesrc", f"location={recording}", "!", "matroskademux", "name=demuxer", "demuxer.video_0", "!"]
    shown = subprocess.run(
        ["gst-launch-1.0", "-v", *chain, "identity", "silent=false", "!", "fakesink"],
        capture_output=True, text=True, check=True, timeout=60 * PATIENCE,
    )
    found = re.findall(r"chain .* pts: (\d+):(\d+):([\d.]+),", shown.stdout)
    return [3600 * int(hours) + 60 * int(minutes) + float(seconds) for hours, minutes, seconds in found]


class Simulate(Bench):
    def test_bad_scenario(self):
        text = (SCENARIOS / "quick.yaml").read_text()
        faults = {
            "unknown.yaml": (text.replace("flow:\n", "flow:\n  colour: blue\n"), "colour"),
            "missing_key.yaml": (text.replace("duration_s: 12\n", "", 1), "duration_s"),
            "range.yaml": (text.replace("snr_db: 15", "snr_db: 1500"), "snr_db"),
            "outside.yaml": (text.replace("x: 28", "x: 600"), "region"),
            "empty.yaml": ("", "empty.yaml"),
        }
        for name, (broken, fault) in faults.items():
            (self.folder / name).write_text(broken)
            with self.subTest(name):
                self.refuse(BAD_INPUT, [name, fault], "simulate", "out.mkv", "--scenario", name)
        self.refuse(BAD_INPUT, ["missing.yaml"], "simulate", "out.mkv", "--scenario", "missing.yaml")

    def test_each_output_is_guarded(self):
        for name in ("out.mkv", "out.calibration.yaml", "out.truth.h5", "out.signals.csv"):
            (self.folder / name).write_text("the only copy")
            with self.subTest(name):
                self.refuse(BAD_INPUT, [name], "simulate", "out.mkv", "--scenario", SCENARIOS / "quick.yaml")
            (self.folder / name).unlink()

    def test_all_outputs_or_none(self):
        before = sorted(contents(self.folder))
        for name in ("out.mkv", "out.truth.h5", "out.signals.csv"):
            with self.subTest(name):
                drawing = start("simulate", "out.mkv", "--scenario", SCENARIOS / "quick.yaml", cwd=self.folder)
                wait_for_file(self.folder, ".out.part*.mkv", drawing)
                (self.folder / name).write_text("the only copy")
                out, err = drawing.communicate(timeout=120 * PATIENCE)
                self.assertEqual((drawing.returncode, out), (BAD_INPUT, ""), err)
                self.assertIn(f"{name}: exists already", err)
                self.assertEqual((self.folder / name).read_text(), "the only copy")
                self.assertEqual(sorted(contents(self.folder)), sorted([*before, name]))
                (self.folder / name).unlink()

    def test_no_folder(self):
        self.refuse(STORAGE, ["nowhere/out.mkv"], "simulate", "nowhere/out.mkv", "--scenario", SCENARIOS / "quick.yaml")

    def test_disk_full(self):
        before = contents(self.folder)
        done = run(
            "simulate", "out.mkv", "--scenario", SCENARIOS / "quick.yaml", cwd=self.folder, file_size_limit_bytes=2**20
        )
        self.assertEqual(done.code, STORAGE, done.err)
        self.check_sentence(done, "out.mkv")
        self.assertEqual(contents(self.folder), before, "left behind")
        self.assertLess(done.seconds, 2 * QUICK_S * PATIENCE)

    def test_every_codec_keeps_the_time_of_its_frames(self):
        text = (SCENARIOS / "quick.yaml").read_text().replace("duration_s: 12", "duration_s: 2")
        text = text[: text.index("contractions:")] + text[text.index("noise:") :]
        for codec in ("h264", "mjpeg", "mpeg4", "ffv1"):
            with self.subTest(codec):
                (self.folder / "leg.yaml").write_text(re.sub(r"codec: mjpeg.*}", f"codec: {codec}}}", text))
                drawn = run("simulate", "leg.mkv", "--scenario", "leg.yaml", "--force", cwd=self.folder)
                self.assertEqual((drawn.code, drawn.err), (0, ""))
                times = sorted(video_times_s(self.folder / "leg.mkv"))  # H.264 is stored in another order
                self.assertEqual(len(times), 60)
                for number, time_s in enumerate(times):
                    # Matroska keeps milliseconds.
                    self.assertAlmostEqual(time_s, number * 1001 / 30000, delta=0.001)

    def test_random_screen(self):
        def draw(name, *arguments):
            done = run("simulate", name, *arguments, cwd=self.folder)
            self.assertEqual((done.code, done.err), (0, ""))
            return (self.folder / name).with_suffix(".calibration.yaml").read_text()

        # The sound alone is enough: what is drawn is the business of the unit tests.
        profile = draw("a.wav", "--random-screen", "38")
        scenario = (self.folder / "a.scenario.yaml").read_text()
        self.assertIn("look:", scenario)
        self.assertEqual(draw("b.wav", "--random-screen", "38"), profile)
        self.assertEqual((self.folder / "b.scenario.yaml").read_text(), scenario)
        draw("c.wav", "--random-screen", "39")
        self.assertNotEqual((self.folder / "c.scenario.yaml").read_text(), scenario)
        # A person may change it and draw it as any other.
        self.assertEqual(draw("again.wav", "--scenario", "a.scenario.yaml"), profile)
        self.refuse(BAD_INPUT, ["a.scenario.yaml"], "simulate", "a.mkv", "--random-screen", "38")
        both = ("--random-screen", "38", "--scenario", "a.scenario.yaml")
        self.refuse(USAGE, ["--scenario", "--random-screen"], "simulate", "d.wav", *both)

    def test_scenario_as_output(self):
        scenario = self.folder / "leg.calibration.yaml"
        shutil.copy(SCENARIOS / "quick.yaml", scenario)
        self.refuse(BAD_INPUT, [scenario.name], "simulate", "leg.mkv", "--scenario", scenario.name, "--force")


if __name__ == "__main__":
    main()
