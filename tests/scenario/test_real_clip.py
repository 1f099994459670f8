"""The real clip: a GE Logiq Book e sweep of an artery, 126 s, with one contraction at about 33 s.

Toward the heart is down there: normal arterial flow is negative, the short opposite phase of each beat positive.
"""

import os
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

from session_data import load_session
from soleus_program import SKIPPED, main, run, test_data

DATA = test_data()
if DATA is None:
    if os.environ.get("CI") == "true":
        sys.exit("the real recordings are absent (SOLEUS_TEST_DATA)")
    print("skipped: the real recordings are absent (SOLEUS_TEST_DATA)")
    sys.exit(SKIPPED)

CLIP = DATA / "duplex" / "DemoMuscleContraction_NoTAMean.mov"
PROFILE = DATA / "duplex" / "ge-logiq-book-e.calibration.yaml"
FRAME_S = 1001 / 30000
SWEEP_S = 6.00  # the write bar's period, measured by hand in the frames
WIDTH_PX = 431  # of the strip

# Read by eye in single frames, without the program: the top of each beat in pixels from the strip's left edge, for
# five sweeps at rest from the start and three at the end; and the frame at which the bar began each sweep.
BEATS_PX = {
    1: (12, 84, 162, 242, 315, 394),
    2: (42, 113, 190, 267, 341, 421),
    3: (70, 146, 227, 311, 392),
    4: (48, 133, 212, 292, 374),
    5: (20, 100, 176, 251, 330, 413),
    17: (77, 150, 226, 305, 378),
    19: (63, 149, 235, 319, 414),
    20: (69, 158, 246, 327, 407),
}
FIRST_SWEEP_FRAME, FRAMES_PER_SWEEP = 14.5, 179.86  # the bar wraps at frames 14, 554, 1814, 3613
# Two pixels and two frames by which an eye may err, 0.03 s and 0.07 s.
EYE_S = 0.1


def beats_by_eye(sweeps):
    return np.array(
        [
            (FIRST_SWEEP_FRAME + FRAMES_PER_SWEEP * (sweep - 1)) * FRAME_S + pixel * SWEEP_S / WIDTH_PX
            for sweep in sweeps
            for pixel in BEATS_PX[sweep]
        ]
    )


def groups(time, chosen, apart_s):
    """Runs of chosen columns that lie at least `apart_s` apart, as arrays of indices."""
    index = np.flatnonzero(chosen)
    return np.split(index, np.flatnonzero(np.diff(time[index]) > apart_s) + 1) if index.size else []


class RealClip(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        session = pathlib.Path(scratch.name) / "clip.h5"
        done = run("analyse", CLIP, "--calibration", PROFILE, "-o", session, timeout_s=300)
        assert (done.code, done.err) == (0, ""), done.err
        print(done.out)
        cls.verified = run("verify", session)
        s = cls.session = load_session(session)
        # A systole is away from the heart; half of the smallest one's 36 cm/s tells it from all else at rest.
        systoles = groups(s.time, s.reverse < -25, 0.3)
        cls.beats = np.array([s.time[g[np.argmin(s.reverse[g])]] for g in systoles])
        cls.beat_peaks = np.array([s.reverse[g].min() for g in systoles])

    def test_session_is_sound(self):
        self.assertEqual(self.verified.code, 0, self.verified.out)

    def test_covers_the_clip(self):
        self.assertEqual(len(self.session.video_time), 3777)
        steps = np.diff(self.session.time)
        covered = steps[steps < 0.5].sum()
        print(f"covered {covered:.2f} s, {self.session.time[0]:.3f} to {self.session.time[-1]:.3f} s")
        self.assertGreater(covered, 125.0)
        # 0.1 % of 126 s: the bar stands at the newest column in the last frame.
        self.assertAlmostEqual(self.session.time[-1], self.session.video_time[-1], delta=0.126)
        self.assertLess(self.session.time[-1], self.session.video_time[-1] + FRAME_S)

    def test_is_woven(self):
        """Called progressive, but in the frames the teeth of two fields stand at the bar: odd rows later than even ones."""
        said = [label for label in self.session.events if "woven" in label]
        self.assertEqual(len(said), 1, said)
        self.assertIn("the upper first", said[0])
        self.assertNotIn("until here", said[0])

    def test_sweep_period(self):
        """From the session alone: a column's step, from the first column to the last, times the columns of a sweep."""
        steps = np.diff(self.session.time)
        regular = steps[steps < 2 * np.median(steps)]
        period = WIDTH_PX * regular.mean()
        print(f"sweep period {period:.4f} s")
        self.assertAlmostEqual(period, SWEEP_S, delta=0.005 * SWEEP_S)

    def late(self, sweeps):
        """By how much each beat that was read by eye comes late in the session, s."""
        seen = beats_by_eye(sweeps)
        return np.array([self.beats[np.argmin(abs(self.beats - t))] - t for t in seen])

    def test_beats_are_where_the_eye_sees_them(self):
        start, end = self.late((1, 2, 3, 4, 5)), self.late((17, 19, 20))
        print("beats late, ms: start %.0f ± %.0f" % (1000 * start.mean(), 1000 * start.std()), end=", ")
        print("end %.0f ± %.0f" % (1000 * end.mean(), 1000 * end.std()))
        self.assertLess(abs(start).max(), EYE_S)
        self.assertLess(abs(end).max(), EYE_S)
        # Drift from the second half minute to the last: 0.1 % of the 100 s between them.
        self.assertLess(abs(np.median(end) - np.median(start)), 0.1)

    def test_no_beat_more_or_less_at_rest(self):
        seen = beats_by_eye((1, 2, 3, 4, 5))
        inside = (self.beats > seen[0] - 0.3) & (self.beats < seen[-1] + 0.3)
        self.assertEqual(inside.sum(), len(seen))

    def test_triphasic_at_rest(self):
        s = self.session
        rest = self.beats[self.beats < 30]
        peaks = self.beat_peaks[self.beats < 30]
        print(f"systoles at rest {peaks.min():.1f} to {peaks.max():.1f} cm/s")
        self.assertTrue((peaks > -50).all() and (peaks < -30).all(), peaks)
        for beat in rest[:-1]:
            after = (s.time > beat + 0.1) & (s.time < beat + 0.45)
            opposite = after & (s.forward > 4)
            self.assertTrue(opposite.any(), f"no reverse phase after the beat at {beat:.2f} s")
            # In the frames the reverse phase lasts some 15 px, 0.2 s, and reaches 8 to 15 cm/s.
            self.assertLess(np.ptp(s.time[opposite]), 0.3)
            self.assertLess(np.nanmax(s.forward[after]), 20)

    def test_hyperaemia_after_the_contraction(self):
        after = (self.beats > 36) & (self.beats < 50)
        before = self.beats < 30
        print(f"systoles {np.median(self.beat_peaks[before]):.1f}, then {np.median(self.beat_peaks[after]):.1f} cm/s")
        self.assertLess(np.median(self.beat_peaks[after]), 1.3 * np.median(self.beat_peaks[before]))
        # The contraction itself: blood is pressed the other way, in the frames at 168 px of the sixth sweep.
        spike = (self.session.time > 32.5) & (self.session.time < 33.2)
        self.assertGreater(np.nanmax(self.session.forward[spike]), 15)

    def test_mean_flow_rises_with_hyperaemia(self):
        s = self.session
        means = [np.nanmean(s.mean[(s.time > a) & (s.time < b)]) for a, b in ((1, 30), (38, 50))]
        self.assertLess(means[1], 1.5 * means[0], means)


if __name__ == "__main__":
    main()
