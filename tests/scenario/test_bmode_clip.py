"""The public clip of an artery lengthwise in B-mode, 450 frames, over which a colour box comes and goes.

A FloWave.US run on it gave 3.89 ± 0.03 mm, at a place and an angle that its user chose and nobody wrote down. The
vessel tapers to the right, so that a figure holds for its place only: here the middle half of the picture.
"""

import os
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

from soleus_program import SKIPPED, main, run, test_data

DATA = test_data()
if DATA is None:
    if os.environ.get("CI") == "true":
        sys.exit("the real recordings are absent (SOLEUS_TEST_DATA)")
    print("skipped: the real recordings are absent (SOLEUS_TEST_DATA)")
    sys.exit(SKIPPED)

CLIP = DATA / "duplex" / "DemoBMode.mov"
MM_PER_PIXEL = 10 / 135  # its ticks of a centimetre, by hand
PROFILE = f"""schema: soleus.calibration/1
screen: {{width: 640, height: 480}}
bmode:
  region: {{x: 31, y: 50, width: 465, height: 334}}
  mm_per_pixel: {MM_PER_PIXEL:.7f}
"""
FLOWAVE_MM = 3.89

# Rows at which the grey of both walls has risen half way, read by eye in frame 200, without the program: nothing is
# coloured there. The columns lie evenly over the middle half; the vessel falls by 0.195 rows a column.
WALLS_PX = {160: (196.5, 257.2), 200: (202.5, 265.0), 260: (220.3, 276.5), 300: (226.5, 283.3), 340: (235.0, 289.4), 380: (242.0, 296.5)}
FALL = 0.195


class BmodeClip(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            profile, session = pathlib.Path(folder) / "p.yaml", pathlib.Path(folder) / "s.h5"
            profile.write_text(PROFILE)
            done = run("analyse", CLIP, "--calibration", profile, "-o", session)
            assert done.code == 0, done.err
            with h5py.File(session) as file:
                cls.diameter_mm = file["vessel/diameter"][:]
                cls.area_mm2 = file["vessel/area"][:]
                cls.confidence = file["vessel/confidence"][:]
                cls.angle = file["vessel/angle"][:]
                cls.angle_units = file["vessel/angle"].attrs["units"]
                cls.labels = [b"".join(label).decode() for label in file["events/label"][:]]
        mean, sd = np.nanmean(cls.diameter_mm), np.nanstd(cls.diameter_mm)
        print(f"diameter {mean:.3f} ± {sd:.3f} mm, FloWave.US {FLOWAVE_MM:.2f} ± 0.03 mm")

    def test_every_frame_is_measured(self):
        self.assertEqual(len(self.diameter_mm), 450)
        self.assertEqual(np.isfinite(self.diameter_mm).sum(), 450)
        self.assertTrue((self.confidence > 0.2).all())

    def test_agrees_with_the_eye(self):
        wide_px = np.mean([lower - upper for upper, lower in WALLS_PX.values()]) / np.hypot(1, FALL)
        # Half a pixel at either wall is as well as an eye reads one: a pixel in sixty.
        self.assertAlmostEqual(self.diameter_mm[200] / (wide_px * MM_PER_PIXEL), 1, delta=0.02)

    def test_is_as_steady_as_the_other_program(self):
        # The artery's pulse is in it: 1 % of the diameter. From frame to frame it moves by less than a fifth of a pixel.
        self.assertLess(np.std(self.diameter_mm), 0.04)
        self.assertLess(np.std(np.diff(self.diameter_mm)) / np.sqrt(2), 0.015)
        # Other places, other edges: 10 %.
        self.assertAlmostEqual(np.mean(self.diameter_mm) / FLOWAVE_MM, 1, delta=0.1)

    def test_says_the_vessel_s_angle(self):
        # Falling by 0.195 rows a column, it makes 79 degrees with a beam straight down.
        said = [label for label in self.labels if "degrees" in label]
        self.assertEqual(len(said), 1, self.labels)
        self.assertIn(" 79 degrees", said[0])

    def test_every_frame_tells_the_angle(self):
        self.assertEqual(self.angle_units, "degree")
        np.testing.assert_allclose(self.angle, 90 - np.degrees(np.arctan(FALL)), atol=3)

    def test_no_area_of_a_length_of_vessel(self):
        self.assertTrue(np.isnan(self.area_mm2).all())
        self.assertTrue((self.confidence <= 0.5).all())


if __name__ == "__main__":
    main()
