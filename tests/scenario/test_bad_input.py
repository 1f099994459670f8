"""Bad recordings, profiles and outputs: each is refused with its exit code and one sentence, and leaves nothing."""

import json
import math
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import wave

from soleus_program import (
    PATIENCE,
    PROGRAM,
    RECORDINGS,
    ProgramTest,
    contents,
    environment,
    main,
    run,
    start,
    test_data,
    wait_for_file,
)

BAD_INPUT, STORAGE = 3, 5


class Bench(ProgramTest):
    """A folder of its own with a good recording and its profile."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        shutil.copy(RECORDINGS / "quick.mkv", self.folder / "good.mkv")
        shutil.copy(RECORDINGS / "quick.calibration.yaml", self.folder / "good.yaml")

    def refuse(self, code, names, video="good.mkv", profile="good.yaml", output="out.h5", extra=(), **limits):
        arguments = ["analyse", video, "--calibration", profile, "-o", output, *extra]
        return self.check_refusal(code, names, *arguments, cwd=self.folder, **limits)


class Recordings(Bench):
    def test_missing(self):
        self.refuse(BAD_INPUT, ["nothing.mkv", "no such file"], video="nothing.mkv")

    def test_empty(self):
        (self.folder / "empty.mkv").touch()
        self.refuse(BAD_INPUT, ["empty.mkv", "empty"], video="empty.mkv")

    def test_folder(self):
        (self.folder / "folder.mkv").mkdir()
        self.refuse(BAD_INPUT, ["folder.mkv", "folder"], video="folder.mkv")

    def test_read_error(self):
        """Linux has a file with a size whose reading fails: the speed of the loopback device, which has none."""
        speed = pathlib.Path("/sys/class/net/lo/speed")
        try:
            speed.read_bytes()
        except FileNotFoundError:
            self.skipTest("no sysfs here")
        except OSError:
            self.refuse(BAD_INPUT, ["lo/speed", "read error after 0 bytes"], video=str(speed))
        else:
            self.skipTest("the loopback device has a speed here")

    def test_matroska_cut_in_half(self):
        data = (self.folder / "good.mkv").read_bytes()
        (self.folder / "half.mkv").write_bytes(data[: len(data) // 2])
        self.refuse(BAD_INPUT, ["half.mkv", "cut short"], video="half.mkv")

    def test_mp4_with_its_index_first_cut_in_half(self):
        remux = "filesrc location=good.mkv ! matroskademux ! qtmux faststart=true ! filesink location=whole.mov"
        subprocess.run(f"gst-launch-1.0 -q {remux}", shell=True, check=True, cwd=self.folder)
        whole = self.folder / "whole.mov"
        data = whole.read_bytes()
        (self.folder / "half.mov").write_bytes(data[: len(data) // 2])
        self.refuse(BAD_INPUT, ["half.mov"], video="half.mov")

    def test_mp4_with_sound_cut_in_half(self):
        """Its index comes first and promises all of both tracks. Whole, it measures as the Matroska file does."""
        queue = "queue max-size-buffers=0 max-size-bytes=0 max-size-time=0"
        remux = (
            "qtmux name=whole faststart=true ! filesink location=whole.mov filesrc location=good.mkv ! "
            f"matroskademux name=good good.video_0 ! {queue} ! whole.video_0 "
            f"good.audio_0 ! {queue} ! audioconvert ! audio/x-raw,format=S16LE ! whole.audio_0"
        )
        subprocess.run(f"gst-launch-1.0 -q {remux}", shell=True, check=True, cwd=self.folder, timeout=60 * PATIENCE)
        counts = []
        for video in ("good.mkv", "whole.mov"):
            arguments = ["--calibration", "good.yaml", "-o", "out.h5", "--force", "--json"]
            done = run("analyse", video, *arguments, cwd=self.folder)
            self.assertEqual((done.code, done.err), (0, ""))
            summary = json.loads(done.out)
            counts.append((summary["doppler"]["columns"], [s["written"] for s in summary["streams"]]))
        self.assertEqual(counts[0], counts[1])
        (self.folder / "out.h5").unlink()
        data = (self.folder / "whole.mov").read_bytes()
        (self.folder / "half.mov").write_bytes(data[: len(data) // 2])
        self.refuse(BAD_INPUT, ["half.mov", "cut short"], video="half.mov")

    def test_half_without_index_on_a_busy_core(self):
        # One core makes it likely that the demuxer reads the file while decodebin is still plugging it.
        remux = "filesrc location=good.mkv ! matroskademux ! qtmux ! filesink location=whole.mov"
        subprocess.run(f"gst-launch-1.0 -q {remux}", shell=True, check=True, cwd=self.folder)
        data = (self.folder / "whole.mov").read_bytes()
        (self.folder / "half.mov").write_bytes(data[: len(data) // 2])
        cores = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, cores)
        os.sched_setaffinity(0, {min(cores)})
        for _ in range(30):
            self.refuse(BAD_INPUT, ["half.mov"], video="half.mov")

    def test_text(self):
        (self.folder / "text.mkv").write_text("Dear diary,\n" * 100)
        self.refuse(BAD_INPUT, ["text.mkv"], video="text.mkv")

    def test_random_bytes(self):
        (self.folder / "noise.mkv").write_bytes(bytes((i * i * 7919 >> 5) & 255 for i in range(100000)))
        self.refuse(BAD_INPUT, ["noise.mkv"], video="noise.mkv")

    def test_sound_alone(self):
        with wave.open(str(self.folder / "sound.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            tone = (int(9000 * math.sin(2 * math.pi * 440 * i / 8000)) for i in range(16000))
            file.writeframes(b"".join(struct.pack("<h", value) for value in tone))
        self.refuse(BAD_INPUT, ["sound.wav", "holds no video (sound alone)"], video="sound.wav")

    def test_still_picture(self):
        picture = self.folder / "screen.png"
        subprocess.run(
            f"gst-launch-1.0 -q videotestsrc num-buffers=1 ! video/x-raw,width=640,height=480 ! pngenc ! "
            f"filesink location={picture}",
            shell=True,
            check=True,
        )
        self.refuse(BAD_INPUT, ["screen.png"], video="screen.png")

    def test_clip_cut_in_half(self):
        data = test_data()
        if data is None:
            self.assertNotEqual(os.environ.get("CI"), "true", "the real recordings are absent")
            self.skipTest("the real recordings are absent")
        clip = (data / "duplex" / "DemoMuscleContraction_NoTAMean.mov").read_bytes()
        (self.folder / "half.mov").write_bytes(clip[: len(clip) // 2])
        shutil.copy(data / "duplex" / "ge-logiq-book-e.calibration.yaml", self.folder / "ge.yaml")
        self.refuse(BAD_INPUT, ["half.mov"], video="half.mov", profile="ge.yaml")

    def test_name_with_spaces_and_marks(self):
        name = "Wade 50% #2?ä.mkv"
        (self.folder / name).write_text("no video")
        self.refuse(BAD_INPUT, [name], video=name)


class Profiles(Bench):
    def with_profile(self, change, *names):
        text = change((self.folder / "good.yaml").read_text())
        (self.folder / "bad.yaml").write_text(text)
        self.refuse(BAD_INPUT, ["bad.yaml", *names], profile="bad.yaml")

    def test_missing(self):
        self.refuse(BAD_INPUT, ["nothing.yaml", "no such file"], profile="nothing.yaml")

    def test_empty(self):
        self.with_profile(lambda text: "", "empty")

    def test_folder(self):
        (self.folder / "bad.yaml").mkdir()
        self.refuse(BAD_INPUT, ["bad.yaml"], profile="bad.yaml")

    def test_not_yaml(self):
        self.with_profile(lambda text: "screen: {width: 640, [height\n")

    def test_unknown_key(self):
        self.with_profile(lambda text: text.replace("doppler:\n", "doppler:\n  colour: blue\n"), "bad.yaml:4", "colour")

    def test_missing_key(self):
        self.with_profile(
            lambda text: "".join(line for line in text.splitlines(True) if "baseline_row" not in line), "baseline_row"
        )

    def test_not_a_number(self):
        self.with_profile(lambda text: text.replace("angle_degrees: 60", "angle_degrees: sixty"), "angle_degrees")

    def test_other_schema(self):
        self.with_profile(lambda text: text.replace("soleus.calibration/1", "soleus.calibration/9"), "schema")

    def test_region_outside(self):
        self.with_profile(lambda text: text.replace("x: 28", "x: 400"), "region")

    def test_no_doppler(self):
        self.with_profile(lambda text: "schema: soleus.calibration/1\nscreen: {width: 640, height: 480}\n", "doppler")

    def test_other_picture_size(self):
        # Both files are named: either may be the wrong one.
        text = (self.folder / "good.yaml").read_text().replace("width: 640", "width: 1280")
        text = text.replace("height: 480", "height: 720")
        (self.folder / "large.yaml").write_text(text)
        self.refuse(BAD_INPUT, ["640", "1280", "good.mkv", "large.yaml"], profile="large.yaml")


    def test_baseline_where_the_picture_has_none(self):
        profile = (self.folder / "good.yaml").read_text()
        row = float(re.search(r"baseline_row: (\S+)", profile)[1])
        moved = profile.replace(f"baseline_row: {row:g}", f"baseline_row: {row - 8:g}")
        self.assertNotEqual(moved, profile)
        (self.folder / "moved.yaml").write_text(moved)
        self.refuse(BAD_INPUT, ["moved.yaml", "baseline_row", f"{row:.1f}"], profile="moved.yaml")

    def test_a_participant_by_name(self):
        done = self.refuse(BAD_INPUT, ["--subject", "code"], extra=["--subject", "Doe^John"])
        self.assertNotIn("Doe", done.err)


class Outputs(Bench):
    def test_no_folder(self):
        self.refuse(STORAGE, ["nowhere/out.h5"], output="nowhere/out.h5")

    def test_below_a_file(self):
        self.refuse(STORAGE, ["good.yaml/out.h5"], output="good.yaml/out.h5")

    def test_where_nobody_may_write(self):
        self.refuse(STORAGE, ["/proc/out.h5"], output="/proc/out.h5")

    def test_a_folder(self):
        (self.folder / "out.h5").mkdir()
        self.refuse(STORAGE, ["out.h5"], extra=["--force"])

    def test_exists(self):
        (self.folder / "out.h5").write_text("the only copy")
        self.refuse(BAD_INPUT, ["out.h5", "--force"])

    def test_appears_meanwhile(self):
        output = self.folder / "out.h5"
        analysis = start("analyse", "good.mkv", "--calibration", "good.yaml", "-o", "out.h5", cwd=self.folder)
        wait_for_file(self.folder, ".out.part*.h5", analysis)
        output.write_text("the only copy")
        _, err = analysis.communicate(timeout=60 * PATIENCE)
        self.assertEqual(analysis.returncode, BAD_INPUT, err)
        self.assertIn("out.h5: exists already", err)
        self.assertEqual(output.read_text(), "the only copy")
        self.assertEqual(sorted(contents(self.folder)), ["good.mkv", "good.yaml", "out.h5"])

    def test_is_a_link_to_nothing(self):
        (self.folder / "out.h5").symlink_to("elsewhere.h5")
        self.refuse(BAD_INPUT, ["out.h5", "--force"])

    def test_exists_and_forced(self):
        output = self.folder / "out.h5"
        output.write_text("the only copy")
        done = run("analyse", "good.mkv", "--calibration", "good.yaml", "-o", "out.h5", "--force", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(output.read_bytes()[:8], b"\x89HDF\r\n\x1a\n")
        self.assertEqual(sorted(contents(self.folder)), ["good.mkv", "good.yaml", "out.h5"])

    def test_forced_but_the_input_is_bad(self):
        (self.folder / "out.h5").write_text("the only copy")
        (self.folder / "text.mkv").write_text("Dear diary,\n" * 100)
        self.refuse(BAD_INPUT, ["text.mkv"], video="text.mkv", extra=["--force"])

    def test_is_the_input(self):
        self.refuse(BAD_INPUT, ["good.mkv"], output="good.mkv", extra=["--force"])

    def test_is_the_input_by_another_name(self):
        (self.folder / "link.h5").symlink_to("good.mkv")
        self.refuse(BAD_INPUT, ["link.h5"], output="link.h5", extra=["--force"])

    def test_is_the_profile(self):
        self.refuse(BAD_INPUT, ["good.yaml"], output="good.yaml", extra=["--force"])

    def test_disk_full(self):
        # 64 kB hold the empty layout's beginning at most; the whole session takes several hundred.
        self.refuse(STORAGE, ["out.h5"], file_size_limit_bytes=64 * 1024)

    def test_disk_full_later(self):
        self.refuse(STORAGE, ["out.h5"], file_size_limit_bytes=300 * 1024)

    def test_real_disk_full(self):
        """A file system of 300 kB, in a mount namespace of its own."""
        script = 'mount -t tmpfs -o size=300k none "$1" && shift && "$@"; code=$?; ls -A small; exit $code'
        (self.folder / "small").mkdir()
        probe = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size=300k none "$1"', "sh", "small"]
        if shutil.which("unshare") is None or subprocess.run(probe, cwd=self.folder, stderr=-3).returncode != 0:
            self.skipTest("may not mount a small file system here")
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", script, "sh", "small", PROGRAM, "analyse", "good.mkv"]
            + ["--calibration", "good.yaml", "-o", "small/out.h5"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env=environment(),
        )
        self.assertEqual(done.returncode, STORAGE, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("small/out.h5", done.stderr)
        self.assertEqual(done.stdout, "", "left behind")


if __name__ == "__main__":
    main()
