"""The examples in tools/readers: each opens a measured session, prints its contractions as they are and draws a picture."""

import csv
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
from PIL import Image

SCENARIO = pathlib.Path(__file__).resolve().parents[1] / "scenario"
sys.path.insert(0, str(SCENARIO))
from soleus_program import RECORDINGS, ROOT, main, run  # noqa: E402

READERS = ROOT / "tools" / "readers"
INTERPRETERS = {"read_session.py": ["/usr/bin/python3", "-B"], "read_session.m": ["octave-cli", "-q"], "read_session.R": ["Rscript"]}


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        done = run("analyse", RECORDINGS / "quick.mkv", "--calibration", RECORDINGS / "quick.calibration.yaml", "-o", "a.h5",
                   cwd=cls.folder)
        assert done.code == 0, done.err
        with h5py.File(cls.folder / "a.h5") as session:
            table = session["contractions"]
            cls.expected = list(zip(table["contraction"][:], table["onset_s"][:], table["peak_velocity_cm_s"][:],
                                    table["peak_velocity_uncertainty_cm_s"][:]))
        assert cls.expected

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def check(self, script):
        interpreter = INTERPRETERS[script]
        self.assertTrue(shutil.which(interpreter[0]), interpreter[0])
        picture = self.folder / f"{script}.png"
        done = subprocess.run([*interpreter, READERS / script, "a.h5", picture.name], cwd=self.folder, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = list(csv.reader(done.stdout.splitlines()))
        self.assertEqual(rows[0], ["contraction", "onset_s", "peak_velocity_cm_s", "peak_velocity_uncertainty_cm_s"])
        self.assertEqual(len(rows) - 1, len(self.expected))
        for row, expected in zip(rows[1:], self.expected):
            for field, value in zip(row, expected):
                self.assertAlmostEqual(float(field), value, delta=0.006)
        with Image.open(picture) as image:
            self.assertGreater(min(image.size), 300)
            self.assertGreater(len(image.convert("RGB").getcolors(1 << 24)), 3, "more than a frame")

    def test_python(self):
        self.check("read_session.py")

    def test_octave(self):
        self.check("read_session.m")

    def test_r(self):
        self.check("read_session.R")


if __name__ == "__main__":
    main()
