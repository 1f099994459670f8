"""`analyse` without a profile: the screen is searched for its calibration."""

import pathlib
import tempfile

import numpy as np

from session_data import load_session
from soleus_program import RECORDINGS, SCENARIOS, ProgramTest, main, run

BAD_INPUT = 3


class AnalyseAlone(ProgramTest):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.video = RECORDINGS / "quick.mkv"

    def test_the_screen_is_read(self):
        done = run("analyse", self.video, "-o", "out.h5", "--toward-heart", "up", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        session, truth = (load_session(path) for path in (self.folder / "out.h5", RECORDINGS / "quick.truth.h5"))
        # Where its calibration comes from, and how sure it is.
        self.assertIn("method: ocr", session.calibration)
        self.assertIn("velocity_scale_uncertainty", session.calibration)
        columns = [truth.contractions[key] for key in ("flow_onset_s", "end_s", "peak_velocity_cm_s")]
        for onset, end, peak in zip(*columns):
            within = (session.time > onset) & (session.time < end)
            self.assertAlmostEqual(np.nanmax(session.forward[within]) / peak, 1, delta=0.08)

    def test_a_dicom_clip_tells_no_dynamic_range(self):
        drawn = run("simulate", "clip.dcm", "--scenario", SCENARIOS / "quick.yaml", cwd=self.folder)
        self.assertEqual(drawn.code, 0, drawn.err)
        done = run("analyse", "clip.dcm", "-o", "out.h5", "--toward-heart", "up", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("--wall-filter", done.err)
        self.assertIn("method: dicom", load_session(self.folder / "out.h5").calibration)

    def test_what_the_screen_cannot_tell_is_asked_for(self):
        self.check_refusal(
            BAD_INPUT, ["quick.mkv", "--toward-heart"], "analyse", self.video, "-o", "out.h5", cwd=self.folder, quick_s=60
        )


if __name__ == "__main__":
    main()
