"""A session as CSV files, against what h5py reads in it."""

import csv
import pathlib
import tempfile

import h5py
import numpy as np

from soleus_program import RECORDINGS, ProgramTest, contents, main, run

BAD_INPUT, USAGE = 3, 2


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return {name: [row[n] for row in rows[1:]] for n, name in enumerate(rows[0])}


def numbers(fields):
    return np.array([float(field) if field else np.nan for field in fields])


class Export(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        done = run("analyse", RECORDINGS / "quick.mkv", "--calibration", RECORDINGS / "quick.calibration.yaml", "-o", "a.h5",
                   cwd=cls.folder)
        assert done.code == 0, done.err
        done = run("export", "a.h5", "--format", "csv", "-o", "tables", cwd=cls.folder)
        assert done.code == 0, done.err
        cls.tables = cls.folder / "tables"

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def check(self, file, group):
        """Each column of the table but flags and texts, found by the name that columns.csv gives it."""
        table = read(self.tables / file)
        listed = read(self.tables / "columns.csv")
        self.assertEqual([c for f, c in zip(listed["file"], listed["column"]) if f == file], list(table))
        with h5py.File(self.folder / "a.h5") as session:
            columns = {name: d for name, d in session[group].items()
                       if isinstance(d, h5py.Dataset) and d.ndim == 1 and not name.endswith("_length")}
            columns.pop("velocity", None)
            self.assertEqual(len(table), len(columns) + sum(d.ndim == 2 and d.dtype.kind == "S"
                                                             for d in session[group].values() if isinstance(d, h5py.Dataset)))
            for name, dataset in columns.items():
                header = next(h for h in table if h == name or h.startswith(name + "_") and h not in columns)
                if "flag_meanings" in dataset.attrs:
                    continue
                np.testing.assert_allclose(numbers(table[header]), dataset[:], rtol=1e-7, atol=1e-9, err_msg=header)
        return table

    def test_every_table_is_there_with_every_value(self):
        doppler = self.check("doppler.csv", "doppler")
        self.assertGreater(len(doppler["time_s"]), 1000)
        self.assertIn("peak_velocity_cm_s", doppler)
        self.assertIn("snr_db", doppler)
        self.assertIn("volume_flow_ml_min", self.check("flow.csv", "flow"))
        vessel = self.check("vessel.csv", "vessel")
        self.assertIn("area_mm2", vessel)
        self.assertIn("angle_degree", vessel)
        self.check("contractions.csv", "contractions")
        self.check("stream_video.csv", "streams/video")
        self.check("stream_video_clock.csv", "streams/video/clock")

    def test_an_uncertainty_stands_behind_its_measure(self):
        names = list(read(self.tables / "contractions.csv"))
        self.assertEqual(names[:2], ["contraction", "onset_s"])
        self.assertEqual(names.index("peak_velocity_uncertainty_cm_s"), names.index("peak_velocity_cm_s") + 1)
        self.assertTrue(any("low_snr" in meaning for meaning in read(self.tables / "columns.csv")["meaning"]))

    def test_flags_are_words(self):
        words = read(self.tables / "doppler.csv")["quality"]
        with h5py.File(self.folder / "a.h5") as session:
            quality = session["doppler/quality"]
            meanings = quality.attrs["flag_meanings"].split()
            expected = [" ".join(m for bit, m in enumerate(meanings) if q >> bit & 1) for q in quality[:]]
        self.assertEqual(words, expected)
        self.assertTrue(any(expected))
        self.assertEqual(set(read(self.tables / "contractions.csv")["onset_source"]), {"flow"})
        self.assertLessEqual(set(read(self.tables / "events.csv")["kind"]), {"note", "calibration", "gap"})

    def test_whole_numbers_have_no_exponent(self):
        for field in read(self.tables / "stream_video.csv")["session_time_ns"]:
            self.assertTrue(field.isdigit(), field)

    def test_says_who_and_how(self):
        session = read(self.tables / "session.csv")
        self.assertIn("session_id", session["name"])
        self.assertIn("soleus.calibration/1", (self.tables / "calibration.yaml").read_text())

    def test_a_folder_that_exists_is_left_alone(self):
        before = contents(self.tables)
        self.check_fault(["tables"], "export", "a.h5", "-o", "tables")
        self.assertEqual(contents(self.tables), before)

    def test_what_is_no_session(self):
        (self.folder / "b.h5").write_text("no session")
        self.check_fault(["b.h5"], "export", "b.h5", "-o", "other")
        self.check_fault(["absent.h5"], "export", "absent.h5", "-o", "other")
        self.assertFalse((self.folder / "other").exists())
        self.assertEqual(run("export", "a.h5", "--format", "xlsx", "-o", "other", cwd=self.folder).code, USAGE)

    def test_a_slash_at_the_end_and_a_neighbour_of_a_like_name(self):
        (self.folder / "again.part").mkdir()
        (self.folder / "again.part" / "mine.txt").write_text("kept")
        self.assertEqual(run("export", "a.h5", "-o", "again/", cwd=self.folder).code, 0)
        self.assertEqual(contents(self.folder / "again"), contents(self.tables))
        self.assertEqual((self.folder / "again.part" / "mine.txt").read_text(), "kept")

    def check_fault(self, names, *arguments):
        done = run(*arguments, cwd=self.folder)
        self.assertEqual(done.code, BAD_INPUT, done.err)
        self.assertEqual(len(done.err.strip().splitlines()), 1, done.err)
        for name in names:
            self.assertIn(name, done.err)
        self.assertEqual(list(self.folder.glob(".*.part")), [])


if __name__ == "__main__":
    main()
