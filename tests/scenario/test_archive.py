"""The archive of a recording's video: its frames, times, digest, privacy, and that the recording can be measured again from it."""

import pathlib
import tempfile
import time

import h5py
import numpy as np

import archived_frames
from session_data import load_session
from soleus_program import PATIENCE, SCENARIOS, ProgramTest, main, run, start, wait_for_file

BAD_INPUT, SOURCE, VERIFICATION = 3, 4, 6
WIDTH, HEIGHT = 640, 480
# As in the scenario.
REGIONS = ((28, 268, 431, 176), (150, 48, 220, 200))
SECONDS = 8


class Archive(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def lab(self, archive, live="true"):
        (self.folder / "lab.yaml").write_text(f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'quick.yaml'}, live: {live}}}
archive: {{{archive}}}
""")

    def record(self, archive, live="true"):
        self.lab(archive, live)
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", SECONDS, cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        checked = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual((checked.code, checked.err), (0, ""), checked.out)

    def check_frames(self):
        with h5py.File(self.folder / "out.h5") as file:
            stream = file["streams/archive"]
            times = stream["session_time_ns"][:] * 1e-9
            self.assertEqual(stream.attrs["received"], file["streams/video"].attrs["written"])
            self.assertEqual(stream.attrs["received"], stream.attrs["written"] + stream.attrs["dropped_overload"])
            if PATIENCE == 1:
                self.assertEqual(stream.attrs["dropped_overload"], 0)
        stamps = archived_frames.stamps_s(self.folder / "out.mkv")
        self.assertEqual(len(stamps), len(times))
        np.testing.assert_allclose(stamps - stamps[0], times - times[0], atol=2e-5)
        return archived_frames.pictures(self.folder / "out.mkv", WIDTH, HEIGHT)

    def outside(self):
        outside = np.ones((HEIGHT, WIDTH), bool)
        for x, y, width, height in REGIONS:
            outside[y:y + height, x:x + width] = False
        return outside

    def test_lossless_measures_the_same_again(self):
        self.record("codec: ffv1", live="false")
        pictures = self.check_frames()
        self.assertEqual(len(pictures), round(SECONDS * 30000 / 1001))
        self.assertEqual(pictures[:, self.outside()].max(), 0, "the patient's name is on the screen")
        self.assertGreater(pictures[:, ~self.outside()].mean(), 20)
        with h5py.File(self.folder / "out.h5") as file:
            (self.folder / "profile.yaml").write_text(file.attrs["calibration"])
        again = run("analyse", "out.mkv", "--calibration", "profile.yaml", "-o", "again.h5", cwd=self.folder)
        self.assertEqual(again.code, 0, again.err)
        first, second = load_session(self.folder / "out.h5"), load_session(self.folder / "again.h5")
        np.testing.assert_allclose(second.time, first.time, atol=1e-4)
        np.testing.assert_allclose(second.peak, first.peak, atol=0.01)
        np.testing.assert_allclose(second.diameter, first.diameter, atol=0.001)

    def test_h264_keeps_the_regions_alone(self):
        self.record("codec: h264")
        pictures = self.check_frames()
        # The codec smears a little over the edges of the regions, and writing does not come back by that.
        far = self.outside()
        for x, y, width, height in REGIONS:
            far[max(0, y - 16):y + height + 16, max(0, x - 16):x + width + 16] = False
        self.assertLess(pictures[:, far].max(), 8)

    def test_the_whole_screen_only_if_asked_for(self):
        self.record("codec: h264, keep_screen: true")
        self.assertGreater(archived_frames.pictures(self.folder / "out.mkv", WIDTH, HEIGHT)[:, :40].max(), 150)

    def test_another_archive_is_noticed(self):
        self.record("codec: h264")
        with open(self.folder / "out.mkv", "r+b") as archive:
            archive.seek(5000)
            archive.write(b"x")
        checked = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual(checked.code, VERIFICATION)
        self.assertIn("is not the archive that was recorded", checked.out)

    def test_a_kill_costs_no_more_than_its_last_moment(self):
        self.lab("codec: h264")
        process = start("record", "lab.yaml", "-o", "out.h5", cwd=self.folder)
        wait_for_file(self.folder, "out.mkv", process)
        time.sleep(5)
        process.kill()
        process.communicate()
        self.assertEqual(run("repair", "out.h5", "-o", "fixed.h5", cwd=self.folder).code, 0)
        stamps = archived_frames.stamps_s(self.folder / "out.mkv")
        with h5py.File(self.folder / "fixed.h5") as file:
            newest = file["streams/video/session_time_ns"][-1] * 1e-9
        self.assertGreater(stamps[-1] - stamps[0], newest - 1.5 * PATIENCE)

    def test_another_recording_is_kept_off(self):
        self.lab("codec: h264")
        process = start("record", "lab.yaml", "-o", "out.h5", "--duration", SECONDS, cwd=self.folder)
        wait_for_file(self.folder, "out.h5", process)
        second = run("record", "lab.yaml", "-o", "out.h5", "--force", "--duration", 2, cwd=self.folder)
        self.assertEqual(second.code, BAD_INPUT)
        self.check_sentence(second, "another recording is writing this file")
        _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertEqual(run("verify", "out.h5", cwd=self.folder).code, 0)
        self.check_frames()

    def test_a_recording_that_never_begins_takes_nothing_away(self):
        self.record("codec: h264")
        (self.folder / "profile.yaml").write_text(h5py.File(self.folder / "out.h5").attrs["calibration"])
        before = {name: (self.folder / name).read_bytes() for name in ("out.h5", "out.mkv")}
        (self.folder / "lab.yaml").write_text("""schema: soleus.lab/1
video: {source: rtsp, url: 'rtsp://127.0.0.1:1/none'}
calibration: profile.yaml
archive: {codec: h264}
""")
        self.assertEqual(run("record", "lab.yaml", "-o", "out.h5", "--force", cwd=self.folder).code, SOURCE)
        for name, contents in before.items():
            self.assertEqual((self.folder / name).read_bytes(), contents, name)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["lab.yaml", "out.h5", "out.mkv", "profile.yaml"])

    def test_what_has_no_sense_is_refused(self):
        (self.folder / "other.mkv").write_bytes(b"a recording of yesterday")
        self.lab("codec: h264")
        self.check_refusal(BAD_INPUT, ["other.mkv", "exists already"], "record", "lab.yaml", "-o", "other.h5",
                           cwd=self.folder)
        self.lab("codec: mpeg2")
        self.check_refusal(BAD_INPUT, ["lab.yaml:3", "'mpeg2'"], "record", "lab.yaml", "-o", "new.h5", cwd=self.folder)


if __name__ == "__main__":
    main()
