"""What must never reach an output: the screen's identity, a file's name, a password. And what an interruption leaves."""

import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import wave

from soleus_program import PATIENCE, RECORDINGS, SCENARIOS, ProgramTest, contents, main, run, start

USAGE, SOURCE = 2, 4
NAMED = "Doe_John 1961's leg.mkv"


class Bench(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        shutil.copy(RECORDINGS / "quick.mkv", self.folder / NAMED)
        shutil.copy(RECORDINGS / "quick.calibration.yaml", self.folder / "good.calibration.yaml")

    def analyse(self, video, output):
        return "analyse", video, "--calibration", "good.calibration.yaml", "-o", output


class Identity(Bench):
    def test_neither_screen_nor_file_name_is_kept(self):
        done = run(*self.analyse(NAMED, "out.h5"), cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(run("report", "out.h5", "-o", "out.html", cwd=self.folder).code, 0)
        identity = re.search(r"identity: (\w+)", (SCENARIOS / "quick.yaml").read_text()).group(1)
        for name in ("out.h5", "out.html"):
            data = (self.folder / name).read_bytes()
            for secret in ("Doe_John", identity, str(self.folder)):
                self.assertNotIn(secret.encode(), data, name)

    def test_a_check_picture_shows_no_identity(self):
        """By eye, too: what a reader of text finds on the screen, it must not find on the picture."""
        identity = re.search(r"identity: (\w+)", (SCENARIOS / "quick.yaml").read_text()).group(1)
        frame = ["gst-launch-1.0", "-q", "filesrc", f"location={NAMED}", "!", "decodebin", "!", "videoconvert", "!"]
        frame += ["pngenc", "snapshot=true", "!", "filesink", "location=frame.png"]
        subprocess.run(frame, cwd=self.folder, check=True)
        done = run("calibrate", NAMED, "-o", "found.yaml", "--toward-heart", "up", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn(identity, self.text_in("frame.png"))
        self.assertNotIn(identity, self.text_in("found.png"))
        for name in ("found.yaml", "found.png"):
            data = (self.folder / name).read_bytes()
            for secret in ("Doe_John", identity, str(self.folder)):
                self.assertNotIn(secret.encode(), data, name)

    def text_in(self, picture):
        command = ["tesseract", picture, "-", "--psm", "11"]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True).stdout.upper()

    def test_a_password_in_an_address_is_not_shown(self):
        (self.folder / "lab.yaml").write_text(
            "schema: soleus.lab/1\nvideo: {source: rtsp, url: 'rtsp://admin:s3cret@127.0.0.1:1/screen'}\n"
            "calibration: good.calibration.yaml\n"
        )
        done = run("record", "lab.yaml", "-o", "out.h5", cwd=self.folder)
        self.assertEqual(done.code, SOURCE)
        self.assertIn("127.0.0.1:1/screen", done.err)
        self.assertNotIn("s3cret", done.err + done.out)


class Ends(Bench):
    def test_interrupted_analysis_leaves_nothing(self):
        before = contents(self.folder)
        process = start(*self.analyse(NAMED, "out.h5"), "--threads", "1", cwd=self.folder)
        # Its temporary file says that it is at work; before that the signal would simply end it.
        while process.poll() is None and not list(self.folder.glob(".out.part*")):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60 * PATIENCE)
        if process.returncode == 0:
            self.skipTest("it was done before the signal came")
        self.assertIn("interrupted", err)
        self.assertEqual(out, "")
        self.assertEqual(contents(self.folder), before)

    def test_sound_may_outlast_the_video(self):
        with wave.open(str(self.folder / "sound.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(2 * 8000 * 20))
        muxed = ["matroskamux", "name=m", "!", "filesink", "location=long.mkv"]
        video = ["filesrc", f"location={NAMED}", "!", "matroskademux", "!", "m."]
        audio = ["filesrc", "location=sound.wav", "!", "wavparse", "!", "audioconvert", "!", "vorbisenc", "!", "m."]
        subprocess.run(["gst-launch-1.0", "-q", *muxed, *video, *audio], cwd=self.folder, check=True)
        done = run(*self.analyse("long.mkv", "out.h5"), cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))


if __name__ == "__main__":
    main()
