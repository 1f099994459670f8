"""A profile that names no dynamic range: estimated from the noise, said to be, and the velocities stay."""

import pathlib
import re
import tempfile
import unittest

from recordings import make_recording, shorter_scenario
from session_data import load_session
from soleus_program import main, run
from truth_comparison import integral_between

DYNAMIC_RANGE_DB, MOST_OFF_DB = 50, 4  # of the scenario; a fifteenth moves a velocity by half a percent
MOST_VTI_PERCENT = 1
DURATION_S, CONTRACTIONS = 12, 1


class DynamicRange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        scenario = shorter_scenario("calf_raises", DURATION_S, CONTRACTIONS, cls.folder / "s.yaml")
        make_recording(scenario, cls.folder, "named")
        profile = (cls.folder / "named.calibration.yaml").read_text()
        unnamed, found = re.subn(r"(?m)^ *dynamic_range_db: .*\n", "", profile)
        assert found == 1, profile
        (cls.folder / "unnamed.yaml").write_text(unnamed)

    def test_is_estimated_and_said(self):
        session = self.folder / "unnamed.h5"
        done = run("analyse", self.folder / "named.mkv", "--calibration", self.folder / "unnamed.yaml", "-o", session)
        self.assertEqual(done.code, 0, done.err)
        estimated, named = load_session(session), load_session(self.folder / "named.h5")
        db = float(re.search(r"dynamic_range_db: (\S+)", estimated.calibration)[1])
        print(f"{db} dB")
        self.assertLess(abs(db - DYNAMIC_RANGE_DB), MOST_OFF_DB)
        self.assertIn("dynamic_range_estimated: true", estimated.calibration)
        self.assertEqual(sum(f"{db:.0f} dB estimated" in label for label in estimated.events), 1, estimated.events)
        self.assertFalse(any("estimated" in label for label in named.events), named.events)
        truth = load_session(self.folder / "named.truth.h5").contractions
        for onset, end in zip(truth["flow_onset_s"], truth["end_s"]):
            vti, expected = (integral_between(s.time, s.forward, onset, end) for s in (estimated, named))
            self.assertLess(abs(100 * (vti / expected - 1)), MOST_VTI_PERCENT)
        # Nothing but the session: no first look is left behind.
        self.assertEqual([p for p in self.folder.iterdir() if p.name.startswith("unnamed") and p != session],
                         [self.folder / "unnamed.yaml"])


if __name__ == "__main__":
    main()
