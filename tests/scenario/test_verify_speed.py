"""`calibrate --verify`: a profile against the phantom's steady flow of known speed."""

import pathlib
import re
import tempfile

from recordings import make_recording
from soleus_program import SCENARIOS, ProgramTest, contents, main, run

BAD_INPUT, USAGE = 3, 2
SPEED_CM_S, SCALE_WRONG_BY = 18, 1.2
MOST_OFF = 0.05  # what slow flow of a few widths of the spectral window keeps


def number(text, key):
    return float(re.search(rf"(?m)^{key}: (\S+)", text)[1])


class VerifySpeed(ProgramTest):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        text = (SCENARIOS / "rest_only.yaml").read_text()
        for key, value in (
            ("duration_s", 7),
            ("  rest_peak_cm_s", SPEED_CM_S),
            ("  breath_modulation_percent", 0),
            ("  heart_modulation_percent", 0),
        ):
            text, found = re.subn(rf"(?m)^{key}: \S+", f"{key}: {value}", text)
            assert found == 1, key
        (cls.folder / "steady.yaml").write_text(text)
        make_recording(cls.folder / "steady.yaml", cls.folder, "steady")
        profile = (cls.folder / "steady.calibration.yaml").read_text()
        scale = re.search(r"cm_per_s_per_pixel: (\S+)", profile)
        wrong = profile.replace(scale[0], f"cm_per_s_per_pixel: {SCALE_WRONG_BY * float(scale[1])}")
        (cls.folder / "wrong.yaml").write_text(wrong)

    def verify(self, profile, *extra, known=SPEED_CM_S):
        arguments = ("calibrate", "steady.mkv", "--verify", profile, "--known-speed", known, "--force")
        done = run(*arguments, *extra, cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        print(done.out)
        return (self.folder / profile.replace(".yaml", ".verification.yaml")).read_text()

    def test_a_right_scale(self):
        for quantity in ("peak", "mean"):
            known = SPEED_CM_S if quantity == "peak" else SPEED_CM_S / 2  # a parabola
            found = self.verify("steady.calibration.yaml", "--quantity", quantity, known=known)
            self.assertAlmostEqual(number(found, "correction_factor"), 1, delta=MOST_OFF)
            self.assertIn(f"quantity: {quantity}_velocity", found)
            self.assertIn("differs: false", found)

    def test_a_wrong_scale_is_told_and_left_as_it_is(self):
        before = (self.folder / "wrong.yaml").read_bytes()
        found = self.verify("wrong.yaml", "--known-speed-uncertainty", 0.1)
        self.assertAlmostEqual(number(found, "correction_factor"), 1 / SCALE_WRONG_BY, delta=MOST_OFF)
        self.assertGreater(number(found, "correction_factor_uncertainty"), 0.1 / SPEED_CM_S * 0.9)
        self.assertIn("differs: true", found)
        self.assertEqual((self.folder / "wrong.yaml").read_bytes(), before)

    def test_refusals(self):
        command = ("calibrate", "steady.mkv", "--verify", "steady.calibration.yaml")
        out = ("-o", "out.yaml")
        self.check_refusal(USAGE, ["--known-speed"], *command, *out, cwd=self.folder)
        self.check_refusal(
            BAD_INPUT, ["steady.mkv", "direction"], *command, *out, "--known-speed", -18, cwd=self.folder, quick_s=30
        )
        self.check_refusal(
            BAD_INPUT,
            ["nothing.yaml"],
            *("calibrate", "steady.mkv", "--verify", "nothing.yaml", "--known-speed", 18),
            *out,
            cwd=self.folder,
        )
        self.assertNotIn("out.yaml", contents(self.folder))


if __name__ == "__main__":
    main()
