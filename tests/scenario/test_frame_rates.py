"""What grabbers do to the frames of a screen at 50 Hz: interlace them, say so or not, drop them, double them. Each session
must be that of the frames as they were."""

import pathlib
import re
import sys
import tempfile
import unittest

import numpy as np

from recordings import make_recording, recode, shorter_scenario
from session_data import load_session
from soleus_program import main, run
from truth_comparison import integral_between, lag_s

FRAMES_PER_S = 50
DURATION_S, CONTRACTIONS = 7, 1
MOST_VTI_PERCENT = 3
MOST_LAG_S = 0.0093  # a column
ENCODER = "jpegenc quality=90"
MODE = sys.argv.pop(1)  # scroll | sweep


class FrameRates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        scenario = shorter_scenario("quick", DURATION_S, CONTRACTIONS, cls.folder / "screen.yaml")
        text = scenario.read_text()
        text = re.sub(r"(?m)^  frame_rate_numerator: .*$", f"  frame_rate_numerator: {FRAMES_PER_S}", text)
        text = re.sub(r"(?m)^  frame_rate_denominator: .*\n", "", text)
        if MODE == "scroll":
            text = re.sub(r"(?m)^  erase_gap_pixels: .*\n", "", text).replace("mode: sweep", "mode: scroll")
        scenario.write_text(text)
        make_recording(scenario, cls.folder, "screen")
        cls.truth = load_session(cls.folder / "screen.truth.h5")
        cls.screen = cls.judge(load_session(cls.folder / "screen.h5"))

    @classmethod
    def judge(cls, session):
        """Velocity-time integral in cm, and how late the trace is in s."""
        table = cls.truth.contractions
        measured = np.isfinite(session.forward)
        return (
            integral_between(session.time, session.forward, table["flow_onset_s"][0], table["end_s"][0]),
            lag_s(session.time[measured], session.forward[measured], cls.truth.time, cls.truth.forward),
        )

    def check(self, name, elements, frames_per_s):
        video = recode(self.folder / "screen.mkv", elements, self.folder / f"{name}.mkv")
        target = self.folder / f"{name}.h5"
        done = run("analyse", video, "--calibration", self.folder / "screen.calibration.yaml", "-o", target)
        self.assertEqual(done.code, 0, done.err)
        session = load_session(target)
        vti, lag = self.judge(session)
        vti_percent, later_s = 100 * (vti / self.screen[0] - 1), lag - self.screen[1]
        print(f"{MODE}, {name}: VTI {vti_percent:+.2f} %, {1000 * later_s:+.1f} ms")
        self.assertLess(abs(vti_percent), MOST_VTI_PERCENT)
        self.assertLess(abs(later_s), MOST_LAG_S)
        self.assertAlmostEqual(len(session.video_time), DURATION_S * frames_per_s, delta=1)
        np.testing.assert_allclose(np.diff(session.video_time), 1 / frames_per_s, atol=0.0011)
        return [label for label in session.events if "woven" in label]

    def test_interlaced(self):
        """25 frames a second of two fields each."""
        encoder = "x264enc interlaced=true pass=quant quantizer=18 speed-preset=veryfast ! h264parse"
        weave = "interlace field-pattern=1:1 top-field-first=true"
        said = self.check("interlaced", f"{weave} ! {encoder}", FRAMES_PER_S)
        self.assertEqual(said, [])

    def test_interlaced_but_said_to_be_progressive(self):
        """25 frames a second of two fields each, which nobody names. Taken for pictures they come a column too early."""
        caps = "video/x-raw,format=I420,width=640,height=480,framerate=25/1,interlace-mode=progressive"
        h264 = "x264enc pass=quant quantizer=23 speed-preset=veryfast ! h264parse"
        for first, upper_first, encoder in (("upper", "true", ENCODER), ("lower", "false", h264)):
            with self.subTest(first):
                weave = f"interlace field-pattern=1:1 top-field-first={upper_first}"
                elements = f"videoconvert ! video/x-raw,format=I420 ! {weave} ! capssetter replace=true caps={caps}"
                said = self.check(f"woven_{first}", f"{elements} ! {encoder}", 25)
                self.assertEqual(len(said), 1, said)
                self.assertIn(f"the {first} first", said[0])

    def test_every_second_frame(self):
        said = self.check("halved", f"videorate ! video/x-raw,framerate=25/1 ! {ENCODER}", 25)
        self.assertEqual(said, [])

    def test_every_fifth_frame_doubled(self):
        """A screen of 25 Hz, grabbed at 30 Hz."""
        rates = "videorate ! video/x-raw,framerate=25/1 ! videorate ! video/x-raw,framerate=30/1"
        said = self.check("doubled", f"{rates} ! {ENCODER}", 30)
        self.assertEqual(said, [])


if __name__ == "__main__":
    main()
