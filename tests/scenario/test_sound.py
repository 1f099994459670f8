"""Doppler sound and I/Q, measured: velocities of made-up blood, formats, and sound that cannot be measured."""

import pathlib
import subprocess
import tempfile
import wave

import numpy as np

from session_data import load_session
from soleus_program import ProgramTest, main, run

BAD_INPUT = 3
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

    def test_mono(self):
        (self.folder / "sound.yaml").write_text(PROFILE.replace("quadrature", "mono"))
        self.write(0.5 * blood(-FASTEST_HZ).real)
        session = self.analyse()
        self.check_velocity(session, FASTEST_HZ)
        self.assertGreaterEqual(session.velocity[0], -1e-9)

    def test_wrong_sound(self):
        self.write(0.5 * blood(FASTEST_HZ).real)
        self.refuse(["1 channel", "quadrature"], "sound.wav", "--calibration", "sound.yaml")
        (self.folder / "text.wav").write_text("Dear diary,\n" * 100)
        self.refuse(["text.wav", "sound"], "text.wav", "--calibration", "sound.yaml")
        self.refuse(["sound.yaml", "screen"], "sound.wav", "--calibration", "sound.yaml", "--from", "video")


if __name__ == "__main__":
    main()
