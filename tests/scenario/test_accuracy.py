"""Each scenario, measured, against its truth. `test_accuracy.py NAME` judges one of them.

The limits are those of the first version, set where a defect would show, not where today's figure lies. The aims are
those of the project's science page and are met one issue at a time.
"""

import os
import sys
import unittest

import numpy as np

import compare_truth
from session_data import load_session
from soleus_program import RECORDINGS
from truth_comparison import compare

NAME = os.environ.get("SOLEUS_SCENARIO", "")


def load(name):
    session, truth = (load_session(RECORDINGS / f"{name}{end}") for end in (".h5", ".truth.h5"))
    return session, truth, compare(session, truth)


# What mean velocity, TAMEAN and mean volume flow are to reach. Where they don't, a test that is expected to fail says
# so, and a guard beside it holds what is met.
AIM_PERCENT = 5


class Judged(unittest.TestCase):
    """What holds for every scenario."""

    @classmethod
    def setUpClass(cls):
        cls.session, cls.truth, cls.found = load(NAME)
        compare_truth.print_table([(NAME, cls.found)])

    def check_time_axis(self, limit_ms):
        self.assertLess(abs(self.found.lag_start_ms), limit_ms)
        self.assertLess(abs(self.found.lag_end_ms), limit_ms)
        self.assertGreater(self.found.covered_s, self.found.duration_s - 0.1)

    def check_peaks(self, mean_percent, worst_percent):
        self.assertEqual(self.found.missed, 0)
        self.assertLess(abs(self.found.peak_percent.mean), mean_percent)
        self.assertLess(abs(self.found.peak_percent.worst), worst_percent)

    def check_averages(self, mean_percent=AIM_PERCENT, tamean_percent=AIM_PERCENT, flow_percent=AIM_PERCENT):
        # The peak velocity taken for the mean would raise the flow by two thirds and more.
        self.assertLess(abs(self.found.mean_percent), mean_percent)
        self.assertLess(abs(self.found.tamean_percent), tamean_percent)
        self.assertLess(abs(self.found.flow_percent), flow_percent)

    def check_vein(self):
        self.assertLess(abs(self.found.diameter_percent.mean), 3)
        self.assertLess(abs(self.found.diameter_percent.worst), 6)
        self.assertLess(self.found.diameter_missing_share, 0.02)


    def check_contractions(self):
        """All of them, none else, and what is measured of each."""
        found, truth = self.session.contractions, self.truth.contractions
        self.assertEqual(len(found["onset_s"]), len(truth["onset_s"]))
        self.assertTrue(np.all(found["quality"] >= 0.5))
        self.assertLess(np.median(np.abs(found["flow_onset_s"] - truth["flow_onset_s"])), 0.04)
        self.assertLess(np.max(np.abs(found["end_s"] - truth["end_s"])), 0.1)
        for column, percent in (("peak_velocity_cm_s", 3), ("vti_cm", 3), ("ejected_volume_ml", 5)):
            off = 100 * (found[column] / truth[column] - 1)
            self.assertLess(abs(np.mean(off)), percent, column)
            self.assertLess(np.max(np.abs(off)), 3 * percent, column)
        # Beside what the wall filter hides, a baseline of some cm/s is known to a part of it.
        self.assertLess(np.nanmax(np.abs(found["baseline_velocity_cm_s"] - truth["baseline_velocity_cm_s"])), 1.2)


# Half a frame at 30 frames a second: the truth of a column lies within it whatever the stamp of a frame stands for.
HALF_FRAME_MS = 17


class quick(Judged):
    def test_time_axis(self):
        self.check_time_axis(HALF_FRAME_MS)

    def test_peaks(self):
        self.assertEqual(self.found.contractions, 2)
        self.check_peaks(5, 8)
        self.assertLess(abs(self.found.vti_percent.mean), 5)

    def test_averages(self):
        self.check_averages(tamean_percent=30)

    @unittest.expectedFailure
    def test_tamean_within_five_percent(self):
        # Standing blood below the wall filter is left out of the average, not counted as slow: it reads high.
        self.assertLess(abs(self.found.tamean_percent), AIM_PERCENT)

    def test_vein(self):
        self.check_vein()


class calf_raises(Judged):
    def test_time_axis(self):
        # A scrolling strip is registered to a fraction of a column of 3.8 ms; a column either way.
        self.check_time_axis(4)

    def test_peaks(self):
        self.assertEqual(self.found.contractions, 3)
        self.check_peaks(5, 8)
        # Two frames: the top of a burst of 0.8 s is flat to 1 % for 60 ms.
        self.assertLess(abs(self.found.peak_time_ms.worst), 67)

    def test_vti(self):
        self.assertLess(abs(self.found.vti_percent.mean), 3)
        self.assertLess(abs(self.found.vti_percent.worst), 6)

    def test_contractions(self):
        self.check_contractions()
        self.assertEqual(np.max(self.session.contractions["reflux_duration_s"]), 0)
        self.assertTrue(np.all(np.isnan(self.session.contractions["refill_time_s"])))  # the next one comes first

    def test_no_reflux(self):
        # Shorter than any cut-off of a guideline (0.5 s).
        self.assertLess(self.found.reverse_after_s, 0.3)

    def test_averages(self):
        self.check_averages(tamean_percent=35)

    @unittest.expectedFailure
    def test_tamean_within_five_percent(self):
        # Standing blood below the wall filter is left out of the average, not counted as slow: it reads high.
        self.assertLess(abs(self.found.tamean_percent), AIM_PERCENT)

    def test_vein(self):
        self.check_vein()


class weak_pump_reflux(Judged):
    def test_contractions(self):
        self.check_contractions()
        found, truth = self.session.contractions, self.truth.contractions
        self.assertLess(np.max(np.abs(found["reflux_duration_s"] - truth["reflux_duration_s"])), 0.1)
        self.assertLess(abs(np.mean(found["reflux_volume_ml"] / truth["reflux_volume_ml"]) - 1), 0.1)
        self.assertLess(abs(np.nanmedian(found["refill_time_s"] / truth["refill_time_s"]) - 1), 0.1)

    def test_time_axis(self):
        self.check_time_axis(HALF_FRAME_MS)

    def test_peaks(self):
        self.assertEqual(self.found.contractions, 3)
        self.check_peaks(5, 10)

    def test_reflux(self):
        # 1.5 s, of which the slow ends are below the wall filter's 1.75 cm/s: longer than the cut-off of 1.0 s.
        self.assertGreater(self.found.reverse_after_s, 1.2)
        self.assertLess(abs(self.found.reflux_duration_s.worst), 0.15)

    def test_averages(self):
        self.check_averages()

    def test_vein(self):
        self.check_vein()


class rest_only(Judged):
    def test_no_contraction_is_found(self):
        self.assertEqual(len(self.session.contractions["onset_s"]), 0)

    def test_time_axis(self):
        # Breath and heart change the velocity slowly: a lag is only known to some 20 ms.
        self.check_time_axis(50)

    def test_nothing_is_missing(self):
        self.assertLess(self.found.missing_share, 0.05)

    def test_slow_flow_within_five_percent(self):
        # Of two or three widths of the spectral window. Without contractions, all columns above half the largest true
        # velocity are judged.
        self.assertLess(abs(self.found.column_percent.mean), 5)

    def test_nothing_is_called_aliased(self):
        # At two fifths of the Nyquist velocity; one such column would leave the report without a peak.
        self.assertEqual((self.session.quality & 1).sum(), 0)

    def test_averages(self):
        self.check_averages()

    def test_vein(self):
        self.check_vein()


class aliasing(Judged):
    def test_time_axis(self):
        # The bursts themselves are flagged and left out; what is left is rest and the flanks.
        self.check_time_axis(50)

    def test_columns_beyond_the_scale_are_flagged(self):
        session, truth = self.session, self.truth
        true = np.interp(session.time, truth.time, truth.peak)
        # A tenth beyond the top of the scale, so that the spectrum's own breadth does not decide.
        beyond = true > 1.1 * session.velocity.max()
        flagged = (session.quality[beyond] & 1) == 1
        self.assertGreater(beyond.sum(), 50)
        self.assertGreater(flagged.mean(), 0.8)

    def test_rest_is_not_flagged(self):
        slow = np.interp(self.session.time, self.truth.time, self.truth.peak) < 0.5 * self.session.velocity.max()
        self.assertLess(((self.session.quality[slow] & 1) == 1).mean(), 0.02)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], NAME], verbosity=2)
