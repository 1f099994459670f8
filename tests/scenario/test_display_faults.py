"""A display that misbehaves: every fault flagged and listed, and what is still measured is right."""

import pathlib
import tempfile
import unittest

import h5py
import numpy as np

from session_data import load_session
from soleus_program import RECORDINGS, main, run

GAP_BEFORE, CALIBRATION_CHANGED, OVERLAY = 8, 16, 32
# Of configs/scenarios/display_faults.yaml.
FREEZE_S, BASELINE_S, MARK_S = (5.5, 6.7), 11.0, (15.0, 17.0)


class DisplayFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        video = RECORDINGS / "display_faults.mkv"
        session = pathlib.Path(scratch.name) / "faults.h5"
        done = run("analyse", video, "--calibration", video.with_suffix(".calibration.yaml"), "-o", session)
        assert done.code == 0, done.err
        cls.session = load_session(session)
        cls.truth = load_session(video.with_suffix(".truth.h5"))
        with h5py.File(session) as file:
            labels = [b"".join(label).decode() for label in file["events/label"][:]]
            cls.events = list(zip(file["events/time"][:], labels))

    def said(self, words):
        return [time for time, label in self.events if words in label]

    def flagged(self, flag):
        return self.session.time[(self.session.quality & flag) != 0]

    def test_freeze_is_a_gap(self):
        self.assertEqual(len(self.said("stands still")), 1)
        np.testing.assert_allclose(self.flagged(GAP_BEFORE), [FREEZE_S[1]], atol=0.1)
        time = self.session.time
        self.assertFalse(((time > FREEZE_S[0] + 0.05) & (time < FREEZE_S[1] - 0.05)).any())

    def test_baseline_is_moved_back(self):
        np.testing.assert_allclose(self.said("baseline moved"), [BASELINE_S], atol=0.05)
        np.testing.assert_allclose(self.flagged(CALIBRATION_CHANGED), [BASELINE_S], atol=0.2)

    def test_marks_are_flagged(self):
        self.assertEqual(len(self.said("painted over")), 1)
        marked = self.flagged(OVERLAY)
        self.assertGreater(len(marked), 50)
        self.assertTrue(((marked > MARK_S[0]) & (marked < MARK_S[1])).all())

    def test_bursts_are_as_high_before_and_after(self):
        """The bursts at 8, 13 and 18 s, the last two behind the moved baseline: a wrong zero would add 25 cm/s."""
        s = self.session
        for onset in (8, 13, 18):
            there = (s.time > onset + 0.1) & (s.time < onset + 0.7)
            true = np.interp(s.time[there], self.truth.time, self.truth.forward)
            error = np.nanmedian(s.forward[there] - true)
            print(f"burst at {onset} s: {error:+.1f} cm/s")
            self.assertLess(abs(error), 4)


if __name__ == "__main__":
    main()
