"""Repeated sessions: what `soleus compare` says of known values, against numpy."""

import json
import pathlib
import shutil
import tempfile

import h5py
import numpy as np

from repeated_sessions import PLAN, draw_columns, write_session
from soleus_program import RECORDINGS, ProgramTest, main, run

USAGE, BAD_INPUT, STORAGE = 2, 3, 5
SUBJECTS = 12
STUDENT_11 = 2.200985  # 97.5 % of Student's distribution with 11 degrees of freedom
TEMPLATE = RECORDINGS / "quick.h5"


def mean_squares(values):
    """Between subjects, between sessions, of the rest, and within subjects, of values[subject, session]."""
    n, k = values.shape
    subject, session, grand = values.mean(1), values.mean(0), values.mean()
    rest = values - subject[:, None] - session[None, :] + grand
    return (
        k * ((subject - grand) ** 2).sum() / (n - 1),
        n * ((session - grand) ** 2).sum() / (k - 1),
        (rest**2).sum() / ((n - 1) * (k - 1)),
        ((values - subject[:, None]) ** 2).sum() / (n * (k - 1)),
    )


class Compare(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        random = np.random.default_rng(20)
        means = {name: np.zeros((SUBJECTS, 2)) for name in PLAN}
        cls.files = []
        for subject in range(SUBJECTS):
            deviates = random.normal(size=len(PLAN))
            for session in range(2):
                columns = draw_columns(random, deviates)
                # A contraction that does not count and one without a value leave the mean as it is.
                quality = np.ones(6)
                quality[subject % 6] = 0.3
                columns["ejected_volume_ml"][(subject + 1) % 6] = np.nan
                for name, values in columns.items():
                    means[name][subject, session] = np.nanmean(values[quality >= 0.5])
                cls.files.append(f"P{subject:02}_{session}.h5")
                write_session(TEMPLATE, cls.folder / cls.files[-1], f"P{subject:02}", f"2026-03-{10 * (2 - session) + 1:02}T09:00:00Z",
                              columns, quality)
        cls.means = means
        # All first sessions, then all second ones.
        cls.given = cls.files[::2] + cls.files[1::2]
        done = run("compare", *cls.given, "--json", cwd=cls.folder)
        assert (done.code, done.err) == (0, ""), done.err
        cls.told = json.loads(done.out)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def close(self, estimate, value):
        self.assertAlmostEqual(estimate["value"], value, delta=1e-9 * max(1, abs(value)))
        low, high = estimate["interval_95"]
        self.assertLess(low, value)
        self.assertGreater(high, value)

    def test_every_number_is_that_of_numpy(self):
        for name, values in self.means.items():
            with self.subTest(name):
                told = self.told["measures"][name]
                np.testing.assert_allclose(told["values"], values, rtol=1e-12)
                difference = values[:, 1] - values[:, 0]
                agreement = told["agreement"][0]
                self.assertEqual((agreement["session"], agreement["cases"]), (2, SUBJECTS))
                self.close(agreement["bias"], difference.mean())
                sd = difference.std(ddof=1)
                self.assertAlmostEqual(agreement["sd"], sd, places=9)
                np.testing.assert_allclose(
                    agreement["bias"]["interval_95"],
                    difference.mean() + np.array([-1, 1]) * STUDENT_11 * sd / SUBJECTS**0.5, rtol=1e-5, atol=1e-6)
                self.close(agreement["lower_limit"], difference.mean() - 1.96 * sd)
                self.close(agreement["upper_limit"], difference.mean() + 1.96 * sd)
                between, bias, error, within = mean_squares(values)
                self.close(told["icc_3_1"], (between - error) / (between + error))
                self.close(told["icc_2_1"], (between - error) / (between + error + 2 * (bias - error) / SUBJECTS))
                self.close(told["sem"], within**0.5)
                self.close(told["mdc95"], 1.96 * (2 * within) ** 0.5)
                self.close(told["within_subject_cv"], within**0.5 / values.mean())
                self.assertEqual(told["left_out"], "")

    def test_says_which_sessions_are_repeats(self):
        self.assertEqual(self.told["notes"], [])
        for case in self.told["cases"]:
            names = [self.told["sessions"][index]["file"] for index in case["sessions"]]
            self.assertEqual(names, [f"{case['subject']}_0.h5", f"{case['subject']}_1.h5"])
        self.assertEqual({s["contractions"] for s in self.told["sessions"]}, {5})

    def test_page_and_table(self):
        done = run("compare", *self.given, "-o", "repeats.html", cwd=self.folder)
        self.assertEqual((done.code, done.err, done.out), (0, "", ""))
        page = (self.folder / "repeats.html").read_text()
        bias = self.told["measures"]["peak_velocity_cm_s"]["agreement"][0]["bias"]["value"]
        shown = f"{abs(bias):.1f}"
        self.assertIn(f"bias {'' if bias >= 0 or float(shown) == 0 else '−'}{shown}", page)
        measured = sum(bool(m["agreement"][0]["cases"]) for m in self.told["measures"].values())
        self.assertEqual(page.count("<svg"), measured)
        self.assertEqual(page.count("<circle"), sum(m["agreement"][0]["cases"] for m in self.told["measures"].values()))
        for foreign in ("<script", "http:", "https:", "src="):
            self.assertFalse(foreign in page, foreign)
        table = run("compare", *self.given, cwd=self.folder)
        self.assertEqual((table.code, table.err), (0, ""))
        self.assertIn("12 subjects, 24 sessions", table.out)
        self.assertIn("Peak velocity, cm/s", table.out)
        self.check_refusal(BAD_INPUT, ["repeats.html", "--force"], "compare", *self.given, "-o", "repeats.html", cwd=self.folder)
        self.check_refusal(USAGE, [self.given[0], ".html"], "compare", *self.given, "-o", self.given[0], "--force", cwd=self.folder)
        self.check_refusal(STORAGE, ["nowhere"], "compare", *self.given, "-o", "nowhere/a.html", cwd=self.folder)

    def test_one_subject(self):
        """Welch's interval of two series; the sessions state no uncertainty of the measurement."""
        done = run("compare", "P03_0.h5", "P03_1.h5", "--json", "-o", "two.html", "--force", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        peak = json.loads(done.out)["measures"]["peak_velocity_cm_s"]
        self.assertIsNone(peak["icc_2_1"]["value"])
        self.assertIn("one subject", peak["icc_missing_because"])
        values = []
        for name in ("P03_0.h5", "P03_1.h5"):
            with h5py.File(self.folder / name) as file:
                table = file["contractions"]
                values.append(table["peak_velocity_cm_s"][:][table["quality"][:] >= 0.5])
        difference = values[1].mean() - values[0].mean()
        error = sum(v.var(ddof=1) / len(v) for v in values) ** 0.5
        told = peak["differences"][0]["difference"]
        self.assertAlmostEqual(told["value"], difference, places=9)
        low, high = told["interval_95"]
        self.assertAlmostEqual((low + high) / 2, difference, places=9)
        # Student's quantile with 4 to 8 degrees of freedom, as Welch's are for two series of five.
        self.assertTrue(2.306 <= (high - low) / 2 / error <= 2.777, (high - low) / 2 / error)
        self.assertEqual(peak["differences"][0]["exceeds_uncertainty"], bool(low > 0 or high < 0))
        self.assertIn("cannot be told from one subject", (self.folder / "two.html").read_text())

    def test_a_measurement_and_its_truth(self):
        """Two real files: whatever the phantom's contractions were, the measured peaks are near them."""
        for name in ("quick.h5", "quick.truth.h5"):
            shutil.copy(RECORDINGS / name, self.folder / name)
            with h5py.File(self.folder / name, "r+") as file:
                file.attrs["condition"] = "quick look"
        done = run("compare", "quick.truth.h5", "quick.h5", "--json", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        told = json.loads(done.out)
        self.assertIn("name no subject", told["notes"][0])
        first, second = told["measures"]["peak_velocity_cm_s"]["values"][0]
        self.assertLess(abs(second - first), 0.1 * first)

    def test_refusals(self):
        def refuse(code, names, *files):
            self.check_refusal(code, names, "compare", *files, "-o", "never.html", cwd=self.folder)

        first, second, other = "P01_0.h5", "P01_1.h5", "P02_0.h5"
        refuse(USAGE, ["two or more"], first)
        self.check_refusal(USAGE, ["a.json", ".html"], "compare", first, second, "-o", "a.json", cwd=self.folder)
        shutil.copy(self.folder / first, self.folder / "copy.h5")
        refuse(USAGE, ["copy.h5", first], first, second, "copy.h5")
        refuse(BAD_INPUT, ["P02, left"], first, other)
        refuse(BAD_INPUT, ["missing.h5"], first, "missing.h5")
        (self.folder / "text.h5").write_text("no session")
        refuse(BAD_INPUT, ["text.h5"], first, "text.h5")
        shutil.copy(self.folder / second, self.folder / "bare.h5")
        with h5py.File(self.folder / "bare.h5", "r+") as file:
            del file["contractions"]
        refuse(BAD_INPUT, ["bare.h5", "/contractions"], first, "bare.h5")
        columns = {name: [1, 2, 3] for name in PLAN}
        write_session(TEMPLATE, self.folder / "nobody.h5", "", "2026-03-01T09:00:00Z", columns)
        refuse(BAD_INPUT, ["nobody.h5", "--subject"], first, "nobody.h5")


if __name__ == "__main__":
    main()
