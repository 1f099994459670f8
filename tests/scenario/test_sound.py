"""Doppler sound and I/Q, measured: velocities of made-up blood, formats, and sound that cannot be measured."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import wave

import h5py
import numpy as np

from recordings import shorter_scenario
from session_data import load_session
from soleus_program import RECORDINGS, ProgramTest, main, run
from truth_comparison import compare

USAGE, BAD_INPUT = 2, 3
RATE_HZ = 5000
SECONDS = 6
CM_PER_S_PER_HZ = 154000 / (2 * 4.4e6 * 0.5)
FASTEST_HZ = 1200
PROFILE = """schema: soleus.calibration/1
audio:
  channels: quadrature
  toward_heart: forward
  transmit_frequency_hz: 4.4e6
  angle_degrees: 60
  wall_filter_hz: 60
"""


def blood(fastest_hz, seed=5):
    """Complex noise, flat from 0 to `fastest_hz` as a parabolic profile's is, with white noise of -20 dB."""
    random = np.random.default_rng(seed)
    count = RATE_HZ * SECONDS
    frequency = np.fft.fftfreq(count, 1 / RATE_HZ)
    spectrum = random.normal(size=count) + 1j * random.normal(size=count)
    noise = random.normal(size=count) + 1j * random.normal(size=count)
    inside = (frequency / fastest_hz >= 0) & (frequency / fastest_hz <= 1)
    signal = np.fft.ifft(spectrum * inside + 0.1 * noise)
    return signal / np.abs(signal).max()


def wall():
    """The echo of a wall 40 dB above that, swinging at up to 15 Hz."""
    time = np.arange(RATE_HZ * SECONDS) / RATE_HZ
    return np.exp(1j * 5 * np.sin(3 * time))


class Sound(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "sound.yaml").write_text(PROFILE)

    def write(self, *channels, name="sound.wav"):
        with wave.open(str(self.folder / name), "wb") as file:
            file.setparams((len(channels), 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes((np.stack(channels, 1) * 32767).astype("<i2").tobytes())

    def analyse(self, name="sound.wav", *extra):
        done = run(
            "analyse", name, "--calibration", "sound.yaml", "-o", "out.h5", "--force", *extra, cwd=self.folder
        )
        self.assertEqual((done.code, done.err), (0, ""))
        session = load_session(self.folder / "out.h5")
        self.assertEqual(session.status, "complete")
        return session

    def refuse(self, names, *arguments):
        self.check_refusal(BAD_INPUT, names, "analyse", *arguments, "-o", "out.h5", cwd=self.folder)

    def check_velocity(self, session, fastest_hz):
        middle = (session.time > 0.5) & (session.time < SECONDS - 0.5)
        true = fastest_hz * CM_PER_S_PER_HZ
        print(f"peak {np.nanmean(session.peak[middle]) / true - 1:+.2%}, mean "
              f"{np.nanmean(session.mean[middle]) / (true / 2) - 1:+.2%}")
        self.assertLess(abs(np.nanmean(session.peak[middle]) / true - 1), 0.03)
        self.assertLess(abs(np.nanmean(session.mean[middle]) / (true / 2) - 1), 0.05)
        self.assertLess(np.isnan(session.peak).mean(), 0.01)

    def test_quadrature(self):
        signal = 0.01 * blood(FASTEST_HZ) + 0.9 * wall()
        self.write(signal.real, signal.imag)
        session = self.analyse()
        self.check_velocity(session, FASTEST_HZ)
        self.assertAlmostEqual(session.time[0], 0.005, delta=0.001)
        self.assertAlmostEqual(session.time[-1], SECONDS - 0.005, delta=0.004)
        self.assertEqual(run("verify", "out.h5", cwd=self.folder).code, 0)
        self.assertEqual(run("info", "out.h5", cwd=self.folder).code, 0)
        self.assertEqual(run("report", "out.h5", "-o", "out.html", cwd=self.folder).code, 0)

    def test_reverse_and_flac(self):
        signal = 0.5 * blood(-FASTEST_HZ)
        self.write(signal.real, signal.imag)
        from_wave = self.analyse()
        self.check_velocity(from_wave, -FASTEST_HZ)
        line = "filesrc location=sound.wav ! wavparse ! audioconvert ! flacenc ! filesink location=sound.flac"
        subprocess.run(f"gst-launch-1.0 -q {line}", shell=True, check=True, cwd=self.folder)
        from_flac = self.analyse("sound.flac")
        np.testing.assert_array_equal(from_flac.peak, from_wave.peak)
        np.testing.assert_array_equal(from_flac.time, from_wave.time)

    def test_a_signal_of_another_recorder_is_kept_with_it(self):
        signal = 0.5 * blood(FASTEST_HZ)
        self.write(signal.real, signal.imag)
        times = np.arange(0, SECONDS, 0.01)
        (self.folder / "emg.csv").write_text(
            "time_s,emg (mV)\n" + "".join(f"{t:.3f},{np.sin(t):.4f}\n" for t in times)
        )
        self.analyse("sound.wav", "--signal", "emg=emg.csv")
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual(len(file["signals/emg/value"]), len(times))
            self.assertEqual(len(file["contractions/onset_s"]), 0)  # it flows evenly

    def test_mono(self):
        (self.folder / "sound.yaml").write_text(PROFILE.replace("quadrature", "mono"))
        self.write(0.5 * blood(-FASTEST_HZ).real)
        session = self.analyse()
        self.check_velocity(session, FASTEST_HZ)
        self.assertGreaterEqual(session.velocity[0], -1e-9)

    def test_the_window_that_was_used_is_stored(self):
        signal = 0.5 * blood(FASTEST_HZ)
        self.write(signal.real, signal.imag)
        # At 5000 Hz: 7 ms are 35 samples, 8.1 ms are 40.5, which becomes an odd number, 1 ms is less than 32 samples.
        for asked_ms, used_ms in (("7", 7.0), ("8.1", 8.2), ("1", 6.6)):
            with self.subTest(asked_ms):
                self.analyse("sound.wav", "--window-ms", asked_ms)
                with h5py.File(self.folder / "out.h5") as file:
                    self.assertAlmostEqual(file["doppler"].attrs["spectral_window_s"], used_ms / 1000, delta=1e-9)
                    self.assertIn(f"spectrum: {{window_ms: {used_ms:g}, ", file.attrs["configuration"])

    def test_an_axis_that_is_too_fine(self):
        rate_hz = 48000
        with wave.open(str(self.folder / "fast.wav"), "wb") as file:
            file.setparams((2, 2, rate_hz, 0, "NONE", ""))
            file.writeframes(bytes(4 * rate_hz))
        self.check_refusal(
            USAGE, ["window-ms 200", "max-velocity 2000", "rows", "at most 16384"], "analyse", "fast.wav",
            "--calibration", "sound.yaml", "--window-ms", "200", "--max-velocity", "2000", "-o", "out.h5",
            cwd=self.folder,
        )

    def test_wrong_sound(self):
        self.write(0.5 * blood(FASTEST_HZ).real)
        self.refuse(["1 channel", "quadrature"], "sound.wav", "--calibration", "sound.yaml")
        (self.folder / "text.wav").write_text("Dear diary,\n" * 100)
        self.refuse(["text.wav", "sound"], "text.wav", "--calibration", "sound.yaml")
        self.refuse(["sound.yaml", "screen"], "sound.wav", "--calibration", "sound.yaml", "--from", "video")


class Phantom(ProgramTest):
    """The phantom's Doppler signal against its truth, however it is stored."""

    REFLUX = "reflux: {duration_s: 0.8, peak_cm_s: -15}"

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        scenario = shorter_scenario("quick", 12, None, cls.folder / "reflux.yaml")
        scenario.write_text(scenario.read_text().replace("  pause_s: 0.4\n", f"  pause_s: 0.4\n  {cls.REFLUX}\n"))
        assert cls.REFLUX in scenario.read_text()
        drawn = run("simulate", "leg.wav", "--scenario", scenario, cwd=cls.folder)
        assert drawn.code == 0, drawn.err
        with wave.open(str(cls.folder / "leg.wav")) as file:
            cls.rate_hz = file.getframerate()
            raw = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 2, 3)
        # The upper three bytes of 32-bit numbers.
        wide = np.concatenate([np.zeros_like(raw[..., :1]), raw], axis=-1)
        cls.samples = wide.view("<i4")[..., 0] / 2**31

    def analyse(self, name, calibration="leg.calibration.yaml", *extra):
        done = run("analyse", name, "--calibration", calibration, "-o", "out.h5", "--force", *extra, cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertEqual(run("verify", "out.h5", cwd=self.folder).code, 0)
        return load_session(self.folder / "out.h5")

    def write_iq(self, fill, rate_hz=None, **attributes):
        with h5py.File(self.folder / "iq.h5", "w") as file:
            fill(file)
            file.attrs.update({"sampling_rate": rate_hz or self.rate_hz, **attributes})

    def check(self, session, truth, reflux=True):
        c = compare(session, truth)
        print(f"peak {c.near_peak_percent.mean:+.2f} %, lag {c.lag_start_ms:+.1f} and {c.lag_end_ms:+.1f} ms, VTI "
              f"{c.vti_percent.mean:+.2f} %, mean {c.mean_percent:+.2f} %, reflux {1000 * c.reflux_duration_s.mean:+.0f} "
              f"ms {c.reflux_peak_percent.mean:+.2f} %")
        self.assertEqual((c.contractions, c.missed), (2, 0))
        self.assertLess(abs(c.near_peak_percent.mean), 2)
        self.assertLess(abs(c.peak_percent.mean), 3)  # a highest value, so speckle only raises it
        self.assertLess(abs(c.lag_start_ms), 5)
        self.assertLess(abs(c.lag_end_ms), 5)
        self.assertLess(abs(c.vti_percent.mean), 2)
        self.assertLess(abs(c.mean_percent), 5)
        if reflux:
            # One reflux: over six seeds at 15 dB its duration was found with -11 to +38 ms. The wall filter's corner,
            # at which it is judged, lies below the 3.5 cm/s that a window of 10 ms resolves.
            self.assertLess(abs(c.reflux_duration_s.mean), 0.040)
            self.assertLess(abs(c.reflux_peak_percent.mean), 10)

    def test_wave(self):
        self.check(self.analyse("leg.wav"), load_session(self.folder / "leg.truth.h5"))

    def test_other_window(self):
        session = self.analyse("leg.wav", "leg.calibration.yaml", "--window-ms", "20")
        self.check(session, load_session(self.folder / "leg.truth.h5"))

    def test_second_track_of_the_video(self):
        for name in ("quick.mkv", "quick.calibration.yaml"):
            shutil.copy(RECORDINGS / name, self.folder)
        session = self.analyse("quick.mkv", "quick.calibration.yaml", "--from", "audio")
        self.check(session, load_session(RECORDINGS / "quick.truth.h5"), reflux=False)

    def test_iq_in_every_layout(self):
        from_wave = self.analyse("leg.wav")
        i, q = 0.003 * self.samples.T

        def pairs(file):
            file.create_dataset("iq", data=np.stack([i, q], 1).astype("f4"), chunks=(1000, 2), compression="gzip")

        def columns(file):
            file["i"], file["q"] = i, q

        layouts = {
            "pairs": pairs,
            "complex": lambda file: file.create_dataset("iq", data=i + 1j * q),
            "whole numbers": lambda file: file.create_dataset("iq", data=np.rint(self.samples * 2**30).astype("i4")),
            "columns": columns,
        }
        for name, fill in layouts.items():
            with self.subTest(name):
                self.write_iq(fill)
                session = self.analyse("iq.h5")
                self.check(session, load_session(self.folder / "leg.truth.h5"))
                np.testing.assert_array_equal(session.time, from_wave.time)

    def test_info_of_iq(self):
        i, q = self.samples.T

        def columns(file):
            file["i"], file["q"] = i, q

        for fill in (columns, lambda file: file.create_dataset("iq", data=i + 1j * q)):
            self.write_iq(fill, 4000, start_s=2.5)
            done = run("info", "iq.h5", "--json", cwd=self.folder)
            self.assertEqual((done.code, done.err), (0, ""))
            told = {"kind": "I/Q samples", "samples": len(i), "sample_rate_hz": 4000, "start_s": 2.5,
                    "duration_s": len(i) / 4000, "file": "iq.h5"}
            self.assertEqual(json.loads(done.out), told)
            text = run("info", "iq.h5", cwd=self.folder).out
            for words in ("I/Q samples", str(len(i)), "4000", "duration_s"):
                self.assertIn(words, text)
        self.write_iq(columns, 3)
        self.check_refusal(BAD_INPUT, ["iq.h5", "sampling_rate"], "info", "iq.h5", cwd=self.folder)

    def test_iq_has_its_own_time(self):
        """A rate that is no whole number, kept to the end, and a start that is not 0."""
        rate_hz, start_s = self.rate_hz * 1.0001 + 0.3, 2.5
        i, q = self.samples.T
        self.write_iq(lambda file: file.create_dataset("iq", data=i + 1j * q), rate_hz, start_s=start_s)
        from_wave = self.analyse("leg.wav")
        session = self.analyse("iq.h5")
        expected = start_s + from_wave.time[[0, -1]] * self.rate_hz / rate_hz
        np.testing.assert_allclose(session.time[[0, -1]], expected, atol=2e-4)

    def test_iq_that_cannot_be_measured(self):
        good = self.samples[:5000]
        broken = good.copy()
        broken[1234, 1] = np.nan

        def refuse(fill, *names, rate_hz=None, profile="leg.calibration.yaml", **attributes):
            self.write_iq(fill, rate_hz, **attributes)
            with self.subTest(names=names):
                self.check_refusal(
                    BAD_INPUT, ["iq.h5" if profile == "leg.calibration.yaml" else profile, *names], "analyse", "iq.h5",
                    "--calibration", profile, "-o", "new.h5", cwd=self.folder,
                )

        def columns(file):
            file["i"], file["q"] = good[:, 0], good[:100, 1]

        refuse(lambda file: file.create_dataset("signal", data=good), "/iq")
        refuse(lambda file: file.create_dataset("iq", data=good[:, 0]), "/iq", "[N, 2]")
        refuse(lambda file: file.create_dataset("iq", data=good[:0]), "no sample")
        refuse(columns, "length")
        refuse(lambda file: file.create_dataset("iq", data=broken), "1234")
        refuse(lambda file: file.create_dataset("iq", data=0 * good), "silent")
        refuse(lambda file: file.create_dataset("iq", data=good), "sampling_rate", rate_hz=3)
        refuse(lambda file: file.create_dataset("iq", data=good), "sampling_rate", rate_hz="fast")
        refuse(lambda file: file.create_dataset("iq", data=good), "start_s", start_s=-1)
        mono = (self.folder / "leg.calibration.yaml").read_text().replace("quadrature", "mono")
        (self.folder / "mono.yaml").write_text(mono)
        refuse(lambda file: file.create_dataset("iq", data=good), "quadrature", profile="mono.yaml")
        self.check_refusal(BAD_INPUT, ["leg.truth.h5", "session file"], "analyse", "leg.truth.h5", "--calibration",
                           "leg.calibration.yaml", "-o", "new.h5", cwd=self.folder)


if __name__ == "__main__":
    main()
