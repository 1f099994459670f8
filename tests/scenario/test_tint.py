"""Tinted maps: the same spectrum in sepia or blue gives the velocities of the grey one."""

import pathlib
import tempfile
import unittest

from recordings import make_recording, shorter_scenario
from session_data import load_session
from soleus_program import main
from truth_comparison import integral_between

MOST_VTI_PERCENT, MOST_MEAN_PERCENT = 2, 3
DURATION_S, CONTRACTIONS = 7, 1


class Tint(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.grey, said_tinted = cls.integrals("none")
        if said_tinted:
            raise AssertionError("a grey map is taken as tinted")

    @classmethod
    def integrals(cls, tint):
        """Of each contraction: VTI of envelope and of mean velocity, in cm. And how often a tint is said."""
        scenario = shorter_scenario(
            "quick", DURATION_S, CONTRACTIONS, cls.folder / f"{tint}.yaml", "{codec: h264, crf: 18}"
        )
        scenario.write_text(scenario.read_text() + f"display_faults: {{tint: {tint}}}\n")
        make_recording(scenario, cls.folder, tint)
        session = load_session(cls.folder / f"{tint}.h5")
        truth = load_session(cls.folder / f"{tint}.truth.h5").contractions
        integrals = [
            tuple(integral_between(session.time, value, onset, end) for value in (session.forward, session.mean))
            for onset, end in zip(truth["flow_onset_s"], truth["end_s"])
        ]
        return integrals, sum("tinted" in label for label in session.events)

    def test_tint_changes_no_velocity(self):
        for tint in ("sepia", "blue"):
            with self.subTest(tint):
                integrals, said_tinted = self.integrals(tint)
                self.assertEqual(said_tinted, 1)
                pairs = list(zip(integrals, self.grey))
                self.assertEqual(len(pairs), CONTRACTIONS)
                for (vti, mean), (grey_vti, grey_mean) in pairs:
                    vti_percent, mean_percent = 100 * (vti / grey_vti - 1), 100 * (mean / grey_mean - 1)
                    print(f"{tint}: VTI {vti_percent:+.2f} %, mean velocity {mean_percent:+.2f} %")
                    self.assertLess(abs(vti_percent), MOST_VTI_PERCENT)
                    self.assertLess(abs(mean_percent), MOST_MEAN_PERCENT)


if __name__ == "__main__":
    main()
