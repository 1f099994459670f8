"""Two dark regions in one B-mode picture: which of them is the vein, a person may say by a point."""

import pathlib
import subprocess
import tempfile
import unittest

import h5py
import numpy as np

from soleus_program import PATIENCE, ProgramTest, environment, main, run

USAGE, BAD_INPUT = 2, 3
WIDTH, HEIGHT, FRAMES = 480, 360, 15
REGION = (40, 50, 400, 280)  # x, y, width, height
# In pixels of the video: centre and radius. The larger lies in the middle of the region.
VEIN, ARTERY = ((250, 190), 26), ((110, 130), 15)
PROFILE = f"""schema: soleus.calibration/1
screen: {{width: {WIDTH}, height: {HEIGHT}}}
bmode:
  region: {{x: {REGION[0]}, y: {REGION[1]}, width: {REGION[2]}, height: {REGION[3]}}}
  mm_per_pixel: 0.15
"""
MM_PER_PIXEL = 0.15


def draw(path):
    """Speckled tissue with two black discs, the same in every frame but for the speckle."""
    random = np.random.default_rng(1001)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    frames = []
    for _ in range(FRAMES):
        picture = np.clip(random.normal(120, 25, (HEIGHT, WIDTH)), 60, 255)
        for (centre_x, centre_y), radius in (VEIN, ARTERY):
            picture[np.hypot(x - centre_x, y - centre_y) < radius] = 8
        frames.append(picture.astype(np.uint8).tobytes())
    path.write_bytes(b"".join(frames))


class LumenPoint(ProgramTest):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        draw(cls.folder / "raw")
        made = f"filesrc location=raw ! rawvideoparse format=gray8 width={WIDTH} height={HEIGHT} framerate=25/1 ! "
        made += "videoconvert ! avenc_ffv1 ! matroskamux ! filesink location=two.mkv"
        command = ["gst-launch-1.0", "-q", *made.split()]
        subprocess.run(command, cwd=cls.folder, check=True, timeout=60 * PATIENCE, env=environment())
        (cls.folder / "raw").unlink()
        (cls.folder / "profile.yaml").write_text(PROFILE)

    def analyse(self, *options):
        return ["analyse", "two.mkv", "--calibration", "profile.yaml", "-o", "out.h5", *options]

    def record(self, point):
        (self.folder / "lab.yaml").write_text(
            "schema: soleus.lab/1\nvideo: {source: file, path: two.mkv}\ncalibration: profile.yaml\n"
            f"measure:\n  lumen_point: {point}\n"
        )
        return ["record", "lab.yaml", "-o", "out.h5"]

    def check_found(self, disc, *arguments):
        """The diameter of that disc in every frame; the configuration that the session keeps."""
        done = run(*arguments, "--force", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        with h5py.File(self.folder / "out.h5") as file:
            diameter_mm = file["vessel/diameter"][:]
            configuration = file.attrs["configuration"]
        (self.folder / "out.h5").unlink()
        self.assertEqual(len(diameter_mm), FRAMES)
        np.testing.assert_allclose(diameter_mm, 2 * disc[1] * MM_PER_PIXEL, rtol=0.05)
        return configuration

    def test_the_middle_without_one(self):
        self.assertNotIn("lumen_point", self.check_found(VEIN, *self.analyse()))

    def test_the_one_at_the_point(self):
        for disc in (VEIN, ARTERY):
            point = f"{disc[0][0]},{disc[0][1]}"
            self.assertIn(f"lumen_point: '{point}'", self.check_found(disc, *self.analyse("--lumen-point", point)))

    def test_of_a_lab_set_up(self):
        self.assertIn("lumen_point: ", self.check_found(ARTERY, *self.record("110.5, 130")))

    def test_what_is_no_point(self):
        for text in ("110", "110;130", "110,130,2", "a,b", "nan,130", "110,130 px"):
            names = ["--lumen-point", text, "X,Y"]
            self.check_refusal(USAGE, names, *self.analyse("--lumen-point", text), cwd=self.folder)
        self.addCleanup((self.folder / "lab.yaml").unlink)
        self.record("110")
        self.check_refusal(BAD_INPUT, ["lab.yaml:5", "lumen_point", "110"], *self.record("110"), cwd=self.folder)

    def test_outside_of_the_picture(self):
        for text in ("10,10", "441,100", "-1,100"):
            arguments = self.analyse(f"--lumen-point={text}")
            self.check_refusal(USAGE, ["--lumen-point", text, "40 to 440", "50 to 330"], *arguments, cwd=self.folder)

    def test_without_a_picture(self):
        (self.folder / "doppler.yaml").write_text(
            f"schema: soleus.calibration/1\nscreen: {{width: {WIDTH}, height: {HEIGHT}}}\ndoppler:\n"
            "  region: {x: 40, y: 50, width: 400, height: 280}\n  display: scroll\n  seconds_per_pixel: 0.004\n"
            "  cm_per_s_per_pixel: 0.5\n  baseline_row: 200\n  toward_heart: up\n  angle_degrees: 60\n  angle_corrected: true\n"
        )
        arguments = ["analyse", "two.mkv", "--calibration", "doppler.yaml", "-o", "out.h5", "--lumen-point", "110,130"]
        self.check_refusal(USAGE, ["--lumen-point", "B-mode"], *arguments, cwd=self.folder)


if __name__ == "__main__":
    main()
