"""DICOM files as a person has them: the public ones, the phantom's own clip measured end to end, damaged ones."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import PIL.Image
import pydicom
from pydicom.datadict import tag_for_keyword
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space

from session_data import load_session
from soleus_program import ROOT, SCENARIOS, SKIPPED, ProgramTest, main, run, test_data
from truth_comparison import compare

USAGE, BAD_INPUT, STORAGE = 2, 3, 5


def tool(*arguments):
    """One of DCMTK's."""
    subprocess.run([str(a) for a in arguments], check=True, capture_output=True)


def picture_region(path, width, region):
    """The pixels of a check picture that show `region` of the frame, which was enlarged by a whole number."""
    picture = np.asarray(PIL.Image.open(path))
    factor = picture.shape[1] // width
    x, y, w, h = region
    return picture[factor // 2 :: factor, factor // 2 :: factor][y : y + h, x : x + w].astype(int)


def yaml_number(text, key):
    return float(re.search(rf"{key}: ([-\d.e]+)", text).group(1))


class Bench(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def calibrate(self, file, *options, name="out"):
        """The profile's text; the picture is `name`.png."""
        output = self.folder / f"{name}.yaml"
        done = run("calibrate", file, "-o", output, *options, "--force", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertTrue(output.with_suffix(".png").exists())
        return output.read_text(), done.err


class PublicFiles(Bench):
    """The five of the test data. What stands here was read with DCMTK's dcmdump and by eye."""

    @classmethod
    def setUpClass(cls):
        cls.folder_of_files = test_data() / "dicom"

    def info(self, name):
        done = run("info", self.folder_of_files / name, "--json")
        self.assertEqual(done.code, 0, done.err)
        return json.loads(done.out)

    def check_pixels(self, name, region, frame, width):
        """Most pixels of the check picture are those that pydicom decodes; the rest are drawn over."""
        shown = picture_region(self.folder / "out.png", width, region)
        x, y, w, h = region
        difference = np.abs(shown - frame[y : y + h, x : x + w].astype(int)).max(axis=2)
        # Two decoders of one JPEG may round a value differently.
        self.assertGreater((difference <= 3).mean(), 0.95, name)

    def palette_frame(self, name):
        data = pydicom.dcmread(self.folder_of_files / name)
        return np.rint(apply_color_lut(data.pixel_array, data) / 257).astype(int)

    def test_philips_ob(self):
        found = self.info("OBXXXX1A_rle.dcm")
        self.assertEqual((found["frames"], found["transfer_syntax"]), (1, "RLE Lossless"))
        kinds = [(r["format"], r["data"]) for r in found["regions"]]
        self.assertEqual(kinds, [("2D", "tissue"), ("waveform", "ECG")])
        text, notes = self.calibrate(self.folder_of_files / "OBXXXX1A_rle.dcm")
        self.assertIn("one pixel beyond the picture", notes)  # its box ends at 800 of 800 columns
        self.assertIn("region: {x: 120, y: 60, width: 680, height: 459}", text)
        self.assertAlmostEqual(yaml_number(text, "mm_per_pixel"), 0.26228788, places=7)
        self.assertNotIn("doppler", text)
        self.check_pixels("OB", (120, 60, 680, 459), self.palette_frame("OBXXXX1A_rle.dcm"), 800)

    def test_philips_intracardiac(self):
        found = self.info("no-pixel-spacing.dcm")
        kinds = [(r["format"], r["data"]) for r in found["regions"]]
        self.assertEqual(kinds, [("2D", "tissue"), ("waveform", "ECG"), ("waveform", "ECG")])
        text, _ = self.calibrate(self.folder_of_files / "no-pixel-spacing.dcm")
        self.assertAlmostEqual(yaml_number(text, "mm_per_pixel"), 0.33054209, places=7)
        self.check_pixels("ICE", (120, 60, 680, 459), self.palette_frame("no-pixel-spacing.dcm"), 800)

    def test_aloka_two_pictures(self):
        file = self.folder_of_files / "gdcm-US-ALOKA-16.dcm"
        names = ("1: 2D tissue, x 32 to 335", "2: 2D tissue, x 336 to 639", "3: no format grey bar", "--dicom-region")
        self.check_refusal(BAD_INPUT, names, "calibrate", file, "-o", "out.yaml", cwd=self.folder)
        text, _ = self.calibrate(file, "--dicom-region", "2")
        self.assertIn("region: {x: 336, y: 24, width: 304, height: 392}", text)
        # Its own ticks, 10 mm apart, stand at rows 24, 50, 76, ...: 26.1 px.
        self.assertAlmostEqual(10 / yaml_number(text, "mm_per_pixel"), 26.1, places=1)
        self.check_pixels("ALOKA", (336, 24, 304, 392), self.palette_frame(file.name), 640)

    def test_sonosite_box_of_another_picture(self):
        file = self.folder_of_files / "examples_ybr_color.dcm"
        found = self.info(file.name)
        self.assertEqual((found["frames"], found["timed_by"]), (30, "FrameTime"))
        self.assertAlmostEqual(found["duration_s"], 30 * 0.033333, places=4)
        names = ("region 1", "x 84 to 595, y 31 to 414", "320 x 240", "at least 640 x 480", "--dicom-size")
        self.check_refusal(BAD_INPUT, names, "calibrate", file, "-o", "out.yaml", cwd=self.folder)
        text, notes = self.calibrate(file, "--dicom-size", "640x480")
        self.assertIn("scaled by 0.5", notes)
        # The screen prints a depth of 19 cm beside a sector of 186 rows.
        self.assertAlmostEqual(yaml_number(text, "mm_per_pixel") * 186, 190, delta=4)
        data = pydicom.dcmread(file)
        frame = convert_color_space(data.pixel_array[15], "YBR_FULL", "RGB")
        self.check_pixels("SonoSite", (42, 16, 256, 191), frame, 320)

    def test_acuson_scale_of_no_scanner(self):
        # A region without units, and one with a negative delta whose 2.29 mm a pixel would make the picture half a
        # metre deep: the file's deltas are wrong by some factor, of which nothing in it tells.
        file = self.folder_of_files / "IM00001.fragmented_no_bot_jpeg_baseline.50.dcm"
        found = self.info(file.name)
        self.assertEqual((found["frames"], found["timed_by"]), (8, "FrameTimeVector"))
        self.assertEqual([r["units_x"] for r in found["regions"]], ["none", "cm"])
        self.assertLess(found["regions"][1]["delta_x"], 0)
        names = ("region 2", "463.338 mm from top to bottom")
        self.check_refusal(BAD_INPUT, names, "calibrate", file, "-o", "out.yaml", cwd=self.folder)
        names = ("no region 1 to be measured",)
        self.check_refusal(BAD_INPUT, names, "calibrate", file, "-o", "out.yaml", "--dicom-region", "1", cwd=self.folder)

    def test_clips_in_fragments_are_decoded_to_their_end(self):
        # Eight frames in many fragments without an offset table: measured as far as their size lets it.
        file = self.folder_of_files / "IM00001.fragmented_no_bot_jpeg_baseline.50.dcm"
        profile = self.folder / "p.yaml"
        profile.write_text(
            "schema: soleus.calibration/1\nscreen: {width: 320, height: 240}\n"
            "bmode: {region: {x: 0, y: 16, width: 320, height: 202}, mm_per_pixel: 0.2}\n"
        )
        done = run("analyse", file, "--calibration", profile, "-o", "out.h5", "--json", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        times = h5py.File(self.folder / "out.h5")["streams/video/session_time_ns"][:] * 1e-9
        np.testing.assert_allclose(np.diff(times), [0.05, 0.033333, 0.05, 0.05, 0.05, 0.033333, 0.043333], atol=1e-6)

    def test_a_still_is_no_video(self):
        profile = self.folder / "p.yaml"
        profile.write_text(
            "schema: soleus.calibration/1\nscreen: {width: 800, height: 600}\n"
            "bmode: {region: {x: 120, y: 60, width: 680, height: 459}, mm_per_pixel: 0.2622878766}\n"
        )
        still = self.folder_of_files / "OBXXXX1A_rle.dcm"
        self.check_refusal(
            BAD_INPUT, ("single picture",), "analyse", still, "--calibration", profile, "-o", "o.h5", cwd=self.folder
        )


class ClipBench(Bench):
    """With the phantom's own: `quick` as a DICOM clip."""

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.made = pathlib.Path(cls.stack.enter_context(tempfile.TemporaryDirectory()))
        cls.clip = cls.made / "quick.dcm"
        done = run("simulate", cls.clip, "--scenario", SCENARIOS / "quick.yaml", "--seed", "3")
        assert done.code == 0, done.err

    def few_frames(self):
        """Its first four frames, so that recoding takes no time."""
        data = pydicom.dcmread(self.clip)
        frames = list(pydicom.encaps.generate_pixel_data_frame(data.PixelData, 360))[:4]
        data.PixelData = pydicom.encaps.encapsulate(frames)
        data["PixelData"].is_undefined_length = True
        data.NumberOfFrames = 4
        few = self.folder / "few.dcm"
        data.save_as(few)
        return few


class Clip(ClipBench):
    def test_dcmtk_takes_it(self):
        tool("dcmftest", self.clip)
        dump = subprocess.run(["dcmdump", self.clip], check=True, capture_output=True, text=True, errors="replace")
        self.assertEqual(dump.stderr, "")
        self.assertIn("(0018,6012) US 3 ", dump.stdout)

    def test_the_standards_checker_finds_no_error(self):
        if shutil.which("dciodvfy") is None:
            self.skipTest("dicom3tools is not installed")
        done = subprocess.run(["dciodvfy", self.clip], capture_output=True, text=True)
        self.assertIn("USMultiFrameImage", done.stderr)
        self.assertNotIn("Error", done.stderr)

    def test_pydicom_reads_it(self):
        data = pydicom.dcmread(self.clip)
        self.assertEqual(data.SOPClassUID.name, "Ultrasound Multi-frame Image Storage")
        self.assertEqual(data.file_meta.TransferSyntaxUID.name, "JPEG Baseline (Process 1)")
        self.assertEqual((data.NumberOfFrames, data.Rows, data.Columns), (360, 480, 640))
        self.assertAlmostEqual(float(data.FrameTime), 1001 / 30, places=9)
        spectrum, tissue = data.SequenceOfUltrasoundRegions
        self.assertEqual((spectrum.RegionSpatialFormat, spectrum.RegionDataType), (3, 3))
        self.assertEqual((spectrum.PhysicalUnitsXDirection, spectrum.PhysicalUnitsYDirection), (4, 7))
        self.assertEqual((tissue.RegionSpatialFormat, tissue.RegionDataType), (1, 1))
        self.assertEqual(data.BurnedInAnnotation, "YES")
        self.assertTrue(str(data.PatientName))
        frames = data.pixel_array
        self.assertEqual(frames.shape, (360, 480, 640, 3))
        self.calibrate(self.clip, "--toward-heart", "up")
        shown = picture_region(self.folder / "out.png", 640, (160, 60, 200, 180))
        frame = convert_color_space(frames[180], "YBR_FULL", "RGB")[60:240, 160:360].astype(int)
        self.assertGreater((np.abs(shown - frame).max(axis=2) <= 3).mean(), 0.98)

    def test_a_size_that_is_none(self):
        for size in ("640", "640x", "640x480x3", "1x1", "-640x480"):
            wrong = ("calibrate", self.clip, "-o", "out.yaml", f"--dicom-size={size}")
            self.check_refusal(USAGE, ("--dicom-size", size), *wrong, cwd=self.folder)

    def test_same_seed_same_file(self):
        again = self.folder / "again.dcm"
        done = run("simulate", again, "--scenario", SCENARIOS / "quick.yaml", "--seed", "3")
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(again.read_bytes(), self.clip.read_bytes())

    def test_a_full_disk_leaves_nothing(self):
        self.check_refusal(
            STORAGE,
            ("full.dcm",),
            *("simulate", "full.dcm", "--scenario", SCENARIOS / "quick.yaml"),
            cwd=self.folder,
            quick_s=60,
            file_size_limit_bytes=4_000_000,
        )

    def test_its_calibration_is_the_phantoms(self):
        text, notes = self.calibrate(self.clip, "--toward-heart", "up")
        self.assertIn("--wall-filter", notes)
        self.assertIn("--dynamic-range", notes)
        truth = (self.made / "quick.calibration.yaml").read_text()
        keys = "seconds_per_pixel cm_per_s_per_pixel baseline_row angle_degrees prf_hz mm_per_pixel"
        for key in keys.split():
            self.assertEqual(yaml_number(text, key), yaml_number(truth, key), key)
        regions = [re.findall(r"region: .*", t) for t in (text, truth)]
        self.assertEqual(regions[0], regions[1])
        self.assertIn("display: sweep", text)
        self.assertIn("method: dicom", text)

    def test_measured_end_to_end(self):
        told = ("--toward-heart", "up", "--wall-filter", "69", "--dynamic-range", "45")
        _, notes = self.calibrate(self.clip, *told, name="own")
        self.assertEqual(notes, "")
        done = run("analyse", self.clip, "--calibration", "own.yaml", "-o", "own.h5", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(run("verify", "own.h5", cwd=self.folder).code, 0)
        found = compare(load_session(self.folder / "own.h5"), load_session(self.made / "quick.truth.h5"))
        print("peak %", found.peak_percent, "near %", found.near_peak_percent, "lag ms", found.lag_start_ms)
        # The limits of the same scenario as a video.
        self.assertEqual((found.contractions, found.missed), (2, 0))
        self.assertLess(abs(found.peak_percent.mean), 5)
        self.assertLess(abs(found.peak_percent.worst), 8)
        self.assertLess(abs(found.lag_start_ms), 17)
        self.assertLess(abs(found.lag_end_ms), 17)
        self.assertLess(abs(found.mean_percent), 5)
        self.assertLess(abs(found.flow_percent), 5)
        self.assertLess(abs(found.diameter_percent.mean), 3)
        self.assertGreater(found.covered_s, found.duration_s - 0.1)

    def test_the_peaks_follow_from_the_file_alone(self):
        # But for the heart's side, which is never guessed.
        self.calibrate(self.clip, "--toward-heart", "up", name="own")
        done = run("analyse", self.clip, "--calibration", "own.yaml", "-o", "own.h5", cwd=self.folder)
        self.assertEqual(done.code, 0, done.err)
        found = compare(load_session(self.folder / "own.h5"), load_session(self.made / "quick.truth.h5"))
        print("from the file alone: peak %", found.peak_percent, "mean %", found.mean_percent)
        self.assertLess(abs(found.peak_percent.mean), 3)
        self.assertLess(abs(found.peak_percent.worst), 5)

    def test_a_profile_of_another_file_is_refused(self):
        text, _ = self.calibrate(self.clip, "--toward-heart", "up", name="own")
        wrong = self.folder / "wrong.yaml"
        wrong.write_text(text.replace("cm_per_s_per_pixel: 0.91", "cm_per_s_per_pixel: 0.81"))
        self.assertNotEqual(wrong.read_text(), text)
        names = ("wrong.yaml, doppler", "does not fit this DICOM file", "0.91")
        self.check_refusal(
            BAD_INPUT, names, "analyse", self.clip, "--calibration", wrong, "-o", "o.h5", cwd=self.folder
        )

    def test_every_transfer_syntax_gives_the_same_picture(self):
        few, raw = self.few_frames(), self.folder / "raw.dcm"
        self.calibrate(few, "--toward-heart", "up", name="few")
        reference = (self.folder / "few.png").read_bytes()
        tool("dcmdjpeg", few, raw)
        for name, command in {
            "little": ["dcmconv", "+te"],
            "implicit": ["dcmconv", "+ti"],
            "big": ["dcmconv", "+tb"],
            "deflated": ["dcmconv", "+td"],
            "rle": ["dcmcrle"],
            "lossless": ["dcmcjpeg", "+e1"],
            "jpegls": ["dcmcjpls"],
        }.items():
            file = self.folder / f"{name}.dcm"
            tool(*command, raw, file)
            with self.subTest(name):
                self.calibrate(file, "--toward-heart", "up", name=name)
                self.assertEqual((self.folder / f"{name}.png").read_bytes(), reference)

    def test_every_colour_gives_the_same_picture(self):
        few, raw = self.few_frames(), self.folder / "raw.dcm"
        tool("dcmdjpeg", few, raw)
        self.calibrate(raw, "--toward-heart", "up", name="raw")
        region = (160, 60, 200, 180)
        reference = picture_region(self.folder / "raw.png", 640, region)
        data = pydicom.dcmread(raw)
        rgb = data.pixel_array
        grey = rgb[..., 1]
        ybr = convert_color_space(rgb, "RGB", "YBR_FULL")
        half = ybr[:, :, ::2].copy()
        packed = np.stack([ybr[:, :, ::2, 0], ybr[:, :, 1::2, 0], half[..., 1], half[..., 2]], axis=-1)
        ramp = b"".join(int(v * 257).to_bytes(2, "little") for v in range(256))
        variants = {
            "MONOCHROME2": (grey, {"SamplesPerPixel": 1}),
            "YBR_FULL": (ybr, {}),
            "YBR_FULL_422": (packed, {}),
            "RGB": (rgb.transpose(0, 3, 1, 2), {"PlanarConfiguration": 1}),
            "PALETTE COLOR": (grey, {"SamplesPerPixel": 1}),
        }
        for name, (pixels, fields) in variants.items():
            data = pydicom.dcmread(raw)
            data.PhotometricInterpretation = name
            data.PixelData = np.ascontiguousarray(pixels).tobytes()
            for field, value in fields.items():
                setattr(data, field, value)
            if data.SamplesPerPixel == 1:
                del data.PlanarConfiguration
            if name == "PALETTE COLOR":
                for colour in ("Red", "Green", "Blue"):
                    descriptor, table = (f"{colour}PaletteColorLookupTable{part}" for part in ("Descriptor", "Data"))
                    data.add_new(tag_for_keyword(descriptor), "US", [256, 0, 16])
                    data.add_new(tag_for_keyword(table), "OW", ramp)
            data.save_as(self.folder / "colour.dcm")
            with self.subTest(name):
                self.calibrate(self.folder / "colour.dcm", "--toward-heart", "up", name="colour")
                shown = picture_region(self.folder / "colour.png", 640, region)
                # The phantom's picture is grey there, but for the rounding of its colours on the way.
                self.assertLess(np.percentile(np.abs(shown - reference), 99), 6)


class Damaged(ClipBench):
    """Each is refused with a sentence, and nothing is left behind."""

    def refuse(self, file, *names):
        for command in (
            ("calibrate", file, "-o", "out.yaml", "--toward-heart", "up"),
            ("analyse", file, "--calibration", self.made / "quick.calibration.yaml", "-o", "out.h5"),
        ):
            self.check_refusal(BAD_INPUT, (file.name, *names), *command, cwd=self.folder)

    def test_cut_off(self):
        whole = self.clip.read_bytes()
        for share in (0.00001, 0.0001, 0.01, 0.5, 0.999):
            file = self.folder / "cut.dcm"
            file.write_bytes(whole[: max(200, int(share * len(whole)))])
            with self.subTest(share):
                self.refuse(file)

    def test_what_fuzzing_began_with_and_found(self):
        told = ("--toward-heart", "up", "--angle", "60", "--display", "sweep", "--dicom-region", "1", "--force")
        files = sorted((ROOT / "tests" / "fuzz" / "corpus").glob("*.dcm"))
        self.assertGreater(len(files), 5)
        for file in files:
            with self.subTest(file.name):
                done = run("calibrate", file, "-o", "out.yaml", *told, cwd=self.folder, timeout_s=10)
                self.assertEqual(done.code, BAD_INPUT if "damaged" in file.name else 0, done.err)

    def test_frames_overwritten(self):
        broken = bytearray(self.few_frames().read_bytes())
        start = broken.find(b"\xff\xd8\xff", len(broken) // 3)
        broken[start : start + 2000] = bytes(2000)
        file = self.folder / "broken.dcm"
        file.write_bytes(broken)
        self.check_refusal(
            BAD_INPUT,
            ("broken.dcm", "frame"),
            *("analyse", file, "--calibration", self.made / "quick.calibration.yaml", "-o", "out.h5"),
            cwd=self.folder,
        )

    def test_fewer_frames_than_announced(self):
        data = pydicom.dcmread(self.few_frames())
        data.NumberOfFrames = 9
        file = self.folder / "short.dcm"
        data.save_as(file)
        self.check_refusal(
            BAD_INPUT,
            ("short.dcm: its frame 5 cannot be decoded",),
            *("analyse", file, "--calibration", self.made / "quick.calibration.yaml", "-o", "out.h5"),
            cwd=self.folder,
        )

    def test_a_syntax_that_is_not_decoded(self):
        data = self.few_frames().read_bytes()
        file = self.folder / "jpeg2000.dcm"
        file.write_bytes(data.replace(b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.4.90", 1))
        self.refuse(file, "JPEG 2000")

    def test_frames_without_times(self):
        data = pydicom.dcmread(self.few_frames())
        del data.FrameTime
        file = self.folder / "untimed.dcm"
        data.save_as(file)
        self.check_refusal(
            BAD_INPUT,
            ("untimed.dcm", "does not say when its frames were taken"),
            *("analyse", file, "--calibration", self.made / "quick.calibration.yaml", "-o", "out.h5"),
            cwd=self.folder,
        )


class Privacy(ClipBench):
    def test_identity_is_in_no_output(self):
        data = pydicom.dcmread(self.clip)
        secrets = [str(data.PatientID).encode()]
        secrets += [part.encode() for part in re.split(r"\W+", str(data.PatientName)) if len(part) > 3]
        self.assertGreaterEqual(len(secrets), 2)
        named = self.folder / "Doe_John.dcm"
        named.write_bytes(self.clip.read_bytes())
        self.calibrate(named, "--toward-heart", "up", name="own")
        for command in (
            ("analyse", named, "--calibration", "own.yaml", "-o", "own.h5"),
            ("report", "own.h5", "-o", "own.html"),
        ):
            self.assertEqual(run(*command, cwd=self.folder).code, 0)
        outputs = {name: (self.folder / name).read_bytes() for name in ("own.yaml", "own.png", "own.h5", "own.html")}
        outputs["info"] = run("info", named, "--json", cwd=self.folder).out.replace("Doe_John.dcm", "").encode()
        for name, content in outputs.items():
            for secret in (*secrets, b"Doe_John"):
                self.assertNotIn(secret, content, name)

    def test_the_check_picture_is_black_outside_of_the_regions(self):
        # But for what was drawn: labels beside the regions, and the lines below the frame.
        self.calibrate(self.clip, "--toward-heart", "up")
        picture = np.asarray(PIL.Image.open(self.folder / "out.png"))
        factor = picture.shape[1] // 640
        header = picture[: 40 * factor]
        self.assertEqual(header.max(), 0)
        frame = pydicom.dcmread(self.clip).pixel_array[180]
        self.assertGreater(frame[:40].max(), 100)  # where the identity stands


if test_data() is None and sys.argv[1:2] == ["PublicFiles"]:
    if os.environ.get("CI") == "true":
        sys.exit("the public DICOM files are absent (SOLEUS_TEST_DATA)")
    print("skipped: the public DICOM files are absent (SOLEUS_TEST_DATA)")
    sys.exit(SKIPPED)

if __name__ == "__main__":
    main()
