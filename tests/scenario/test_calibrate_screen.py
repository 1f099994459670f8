"""`soleus calibrate` on recordings of a real scanner: what it reads, and what it refuses."""

import os
import pathlib
import re
import sys
import tempfile
import unittest

from soleus_program import SKIPPED, main, run, test_data

DATA = test_data()
if DATA is None:
    if os.environ.get("CI") == "true":
        sys.exit("the real recordings are absent (SOLEUS_TEST_DATA)")
    print("skipped: the real recordings are absent (SOLEUS_TEST_DATA)")
    sys.exit(SKIPPED)

CLIP = DATA / "duplex" / "DemoMuscleContraction_NoTAMean.mov"
TRUTH = DATA / "duplex" / "ge-logiq-book-e.calibration.yaml"
BMODE = DATA / "duplex" / "DemoBMode.mov"


def number(text, key):
    return float(re.search(rf"^ *{key}: ([-+.0-9e]+)", text, re.MULTILINE).group(1))


class RealScreen(unittest.TestCase):
    def calibrate(self, clip, *options):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        done = run("calibrate", clip, "-o", folder / "p.yaml", *options)
        self.assertEqual(done.code, 0, done.err)
        self.assertTrue((folder / "p.png").read_bytes().startswith(b"\x89PNG"))
        return (folder / "p.yaml").read_text()

    def test_sweep_of_an_artery(self):
        found = self.calibrate(CLIP, "--toward-heart", "down")
        truth = TRUTH.read_text()
        self.assertIn("display: sweep", found)  # its axis, -6 to 0, looks like a scroll's
        self.assertLess(abs(number(found, "cm_per_s_per_pixel") / number(truth, "cm_per_s_per_pixel") - 1), 0.01)
        self.assertLess(abs(number(found, "baseline_row") - number(truth, "baseline_row")), 1)
        self.assertLess(abs(number(found, "seconds_per_pixel") / number(truth, "seconds_per_pixel") - 1), 0.005)
        # Neither the ticks at its right nor the labels of the time below are spectrum.
        region = re.search(r"region: \{x: (\d+), y: (\d+), width: (\d+), height: (\d+)", found)
        x, y, width, height = map(int, region.groups())
        self.assertAlmostEqual(x + width, 28 + 431, delta=2)
        self.assertAlmostEqual(y + height, 274 + 175, delta=2)
        for key in ("angle_degrees", "prf_hz", "wall_filter_hz", "transmit_frequency_hz", "dynamic_range_db"):
            self.assertEqual(number(found, key), number(truth, key), key)
        for key in ("angle", "prf", "wall_filter", "transmit_frequency", "dynamic_range"):
            self.assertGreaterEqual(number(found, f"{key}_confidence"), 0.6, key)

    def test_side_of_the_heart_is_never_guessed(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("calibrate", CLIP, "-o", pathlib.Path(folder) / "p.yaml")
            self.assertEqual(done.code, 3)
            self.assertIn("--toward-heart", done.err)
            self.assertEqual(os.listdir(folder), [])

    def test_depth_of_a_bmode_picture(self):
        found = self.calibrate(BMODE)
        self.assertLess(abs(number(found, "mm_per_pixel") * 13.5 - 1), 0.01)  # 135 pixels a centimetre, by hand
        self.assertNotIn("doppler:", found)


if __name__ == "__main__":
    main()
