"""Live recordings: the phantom and a file, how they end, and set-ups that cannot be recorded."""

import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import h5py
import numpy as np

from soleus_program import PATIENCE, RECORDINGS, SCENARIOS, ProgramTest, contents, main, run, start

USAGE, BAD_INPUT, SOURCE, STORAGE = 2, 3, 4, 5
PHANTOM = f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'quick.yaml'}}}
session: {{subject: P07, limb: left}}
"""


class Bench(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "phantom.yaml").write_text(PHANTOM)

    def lab(self, video, calibration="good.calibration.yaml"):
        text = "schema: soleus.lab/1\nvideo: {" + video + "}\n"
        (self.folder / "lab.yaml").write_text(text + (f"calibration: {calibration}\n" if calibration else ""))
        return "lab.yaml"

    def with_recording(self):
        shutil.copy(RECORDINGS / "quick.mkv", self.folder / "good.mkv")
        shutil.copy(RECORDINGS / "quick.calibration.yaml", self.folder / "good.calibration.yaml")

    def check_session(self, status):
        """The session is sound, its streams balance and each counts what it holds. Gives the video's times, s."""
        done = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""), done.out)
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual(file.attrs["status"], status)
            for name, stream in file["streams"].items():
                dropped = sum(int(v) for k, v in stream.attrs.items() if k.startswith("dropped_"))
                self.assertEqual(stream.attrs["received"], stream.attrs["written"] + dropped, name)
                self.assertEqual(stream.attrs["written"], len(stream["session_time_ns"]), name)
            columns = file["doppler/time"][:]
            self.assertGreater(len(columns), 0)
            self.assertTrue((np.diff(columns) > 0).all())
            return file["streams/video/session_time_ns"][:] * 1e-9


class Live(Bench):
    FRAME_S = 1001 / 30000

    def test_three_seconds(self):
        began = time.monotonic()
        done = run("record", "phantom.yaml", "-o", "out.h5", "--duration", 3, "--json", cwd=self.folder)
        took = time.monotonic() - began
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(done.err, "")
        told = json.loads(done.out)
        self.assertEqual(told["status"], "complete")
        times = self.check_session("complete")
        self.assertAlmostEqual(times[-1] + self.FRAME_S, 3, delta=2 * self.FRAME_S)
        self.assertAlmostEqual(len(times), 3 / self.FRAME_S, delta=2)
        # It is live: 3 s of recording take 3 s, and not much longer.
        self.assertGreater(took, 2.8)
        self.assertLess(took, 3 + 4 * PATIENCE)
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual((file.attrs["subject"], file.attrs["limb"]), ("P07", "left"))
            arrival = file["streams/video/arrival_time_ns"][:] * 1e-9
            self.assertTrue((np.diff(arrival) >= 0).all())
        self.assertEqual(sorted(contents(self.folder)), ["out.h5", "phantom.yaml"])

    def stop_with(self, which):
        process = start("record", "phantom.yaml", "-o", "out.h5", cwd=self.folder)
        time.sleep(3 * min(PATIENCE, 3))
        process.send_signal(which)
        out, err = process.communicate(timeout=30 * PATIENCE)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(err, "")
        self.assertIn("out.h5 (complete)", out)
        self.assertGreater(self.check_session("complete")[-1], 0.5)

    def test_interrupt(self):
        self.stop_with(signal.SIGINT)

    def test_terminate(self):
        self.stop_with(signal.SIGTERM)

    def test_notes_of_the_command_line_win(self):
        arguments = ["--duration", 0.5, "--subject", "P08", "--title", "Second visit"]
        done = run("record", "phantom.yaml", "-o", "out.h5", *arguments, cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual([file.attrs[k] for k in ("subject", "title", "limb")], ["P08", "Second visit", "left"])

    def test_disk_full(self):
        before = sorted(contents(self.folder))
        done = run("record", "phantom.yaml", "-o", "out.h5", cwd=self.folder, file_size_limit_bytes=448 * 1024)
        self.assertEqual(done.code, STORAGE, done.err)
        self.check_sentence(done, "out.h5")
        # All up to then is kept: readable as a reader of a growing file does it.
        self.assertEqual([n for n in sorted(contents(self.folder)) if not n.startswith("out.h5")], before)
        with h5py.File(self.folder / "out.h5", "r", swmr=True) as file:
            self.assertGreater(len(file["doppler/time"]), 100)


class FromFile(Bench):
    def test_whole_file(self):
        self.with_recording()
        config = self.lab("source: file, path: good.mkv")
        done = run("record", config, "-o", "out.h5", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        times = self.check_session("complete")
        self.assertEqual(len(times), 360)

    def test_same_numbers_as_analyse(self):
        self.with_recording()
        done = run("record", self.lab("source: file, path: good.mkv"), "-o", "out.h5", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        with h5py.File(self.folder / "out.h5") as recorded, h5py.File(RECORDINGS / "quick.h5") as analysed:
            for name in ("time", "peak_velocity", "mean_velocity", "quality", "spectrum"):
                a, b = recorded[f"doppler/{name}"][:], analysed[f"doppler/{name}"][:]
                np.testing.assert_array_equal(a, b, err_msg=name)
            self.assertGreater(len(analysed["contractions/contraction"]), 0)
            for name, column in analysed["contractions"].items():
                np.testing.assert_array_equal(recorded[f"contractions/{name}"][:], column[:], err_msg=name)
        self.assertEqual([path.name for path in self.folder.iterdir() if ".part" in path.name], [])

    def with_sound(self, seconds):
        """The recording with so much sound in with.mkv."""
        tone = "audio/x-raw,format=S16LE,rate=8000,channels=1"
        line = (
            "matroskamux name=mux ! filesink location=with.mkv "
            "filesrc location=good.mkv ! matroskademux ! queue ! mux.video_0 "
            f"audiotestsrc samplesperbuffer=800 num-buffers={seconds * 10} ! {tone} ! queue ! mux.audio_0"
        )
        subprocess.run(f"gst-launch-1.0 -q {line}", shell=True, check=True, cwd=self.folder)

    def test_sound_that_outlasts_the_video(self):
        self.with_recording()
        self.with_sound(20)
        done = run("record", self.lab("source: file, path: with.mkv"), "-o", "out.h5", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertEqual(len(self.check_session("complete")), 360)

    def test_half_with_sound(self):
        self.with_recording()
        self.with_sound(12)
        data = (self.folder / "with.mkv").read_bytes()
        (self.folder / "half.mkv").write_bytes(data[: len(data) // 2])
        done = run("record", self.lab("source: file, path: half.mkv"), "-o", "out.h5", cwd=self.folder)
        self.assertEqual(done.code, SOURCE, done.err)
        self.check_sentence(done, "half.mkv", "cut short")
        self.check_session("interrupted")


class Refused(Bench):
    def refuse(self, code, names, config, *extra, **limits):
        return self.check_refusal(code, names, "record", config, "-o", "out.h5", *extra, cwd=self.folder, **limits)

    def test_no_set_up(self):
        self.refuse(BAD_INPUT, ["nothing.yaml"], "nothing.yaml")

    def test_unknown_kind(self):
        self.refuse(BAD_INPUT, ["lab.yaml:2", "source", "teletext"], self.lab("source: teletext, page: 100"))

    def test_unknown_key(self):
        self.with_recording()
        lab = self.lab("source: v4l2, device: /dev/video99, colour: blue")
        self.refuse(BAD_INPUT, ["lab.yaml:2", "colour"], lab)

    def test_a_participant_by_name(self):
        self.with_recording()
        lab = self.lab("source: file, path: good.mkv")
        self.refuse(BAD_INPUT, ["--subject", "code"], lab, "--subject", "Doe")
        (self.folder / lab).write_text((self.folder / lab).read_text() + "session: {subject: DOE}\n")
        self.refuse(BAD_INPUT, ["lab.yaml", "subject", "code"], lab)

    def test_no_scenario(self):
        lab = self.lab("source: phantom, scenario: nothing.yaml", None)
        self.refuse(BAD_INPUT, ["nothing.yaml"], lab)

    def test_no_calibration(self):
        self.with_recording()
        self.refuse(BAD_INPUT, ["calibration"], self.lab("source: file, path: good.mkv", None))
        self.refuse(BAD_INPUT, ["none.yaml"], self.lab("source: file, path: good.mkv", "none.yaml"))

    def test_no_device(self):
        self.with_recording()
        self.refuse(SOURCE, ["/dev/video99"], self.lab("source: v4l2, device: /dev/video99"))

    def test_nobody_answers(self):
        self.with_recording()
        lab = self.lab("source: rtsp, url: 'rtsp://127.0.0.1:1/screen'")
        self.refuse(SOURCE, ["rtsp://127.0.0.1:1/screen"], lab)

    def test_no_file(self):
        self.with_recording()
        self.refuse(BAD_INPUT, ["nothing.mkv"], self.lab("source: file, path: nothing.mkv"))

    def test_text_as_file(self):
        self.with_recording()
        (self.folder / "text.mkv").write_text("Dear diary,\n" * 100)
        done = run("record", self.lab("source: file, path: text.mkv"), "-o", "out.h5", cwd=self.folder)
        self.assertEqual(done.code, BAD_INPUT, done.err)
        self.check_sentence(done, "text.mkv")
        self.assertNotIn("out.h5", contents(self.folder))

    def test_outputs(self):
        self.refuse(USAGE, ["--duration"], "phantom.yaml", "--duration", "0")
        (self.folder / "out.h5").write_text("the only copy")
        self.refuse(BAD_INPUT, ["out.h5", "--force"], "phantom.yaml")
        self.check_refusal(STORAGE, ["no/out.h5"], "record", "phantom.yaml", "-o", "no/out.h5", cwd=self.folder)

    def test_output_is_the_recording(self):
        self.with_recording()
        arguments = ["record", self.lab("source: file, path: good.mkv"), "--force", "-o"]
        self.check_refusal(BAD_INPUT, ["good.mkv"], *arguments, "good.mkv", cwd=self.folder)
        self.check_refusal(BAD_INPUT, ["lab.yaml"], *arguments, "lab.yaml", cwd=self.folder)


if __name__ == "__main__":
    main()
