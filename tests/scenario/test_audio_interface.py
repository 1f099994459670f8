"""Signals that an audio interface digitises, by a real PulseAudio server: values, times, balance, faults."""

import pathlib
import subprocess
import tempfile
import time
import unittest

import h5py
import numpy as np

import sound_server
from soleus_program import PATIENCE, SCENARIOS, SKIPPED, ProgramTest, main, run, start, wait_for_file

SOURCE = 4
RATE = sound_server.RATE
LAB = f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'quick.yaml'}}}
signals:
  - name: interface
    source: pulse
    device: %s
    samples_per_second: {RATE}
    channels:
      - {{name: emg, units: mV, gain: 5}}
      - {{name: force, units: N, gain: 1000}}
      - {{name: doppler_sound, units: '1'}}
      - {{name: sync, units: V, gain: 2}}
"""


def tones(seconds):
    """A tone of its own in each channel; the last has a pulse each second."""
    t = np.arange(int(seconds * RATE)) / RATE
    return np.stack([0.5 * np.sin(2 * np.pi * 50 * t), 0.25 * np.sin(2 * np.pi * 3 * t),
                     0.125 * np.sin(2 * np.pi * 440 * t), 0.8 * (t % 1 < 0.1)], axis=1)


class AudioInterface(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.server = sound_server.SoundServer(4)
        self.addCleanup(self.server.stop)
        (self.folder / "lab.yaml").write_text(LAB % sound_server.INTERFACE)

    def opened(self):
        checked = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual((checked.code, checked.err), (0, ""), checked.out)
        file = h5py.File(self.folder / "out.h5")
        self.addCleanup(file.close)
        return file

    def test_each_input_is_kept_as_it_is(self):
        self.server.play(tones(60))
        time.sleep(2)  # the server fills its player's buffer
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 11, cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        file = self.opened()
        expected = {"emg": (2.5, 50, "mV"), "force": (250, 3, "N"), "doppler_sound": (0.125, 440, "1")}
        for name, (height, hz, units) in expected.items():
            value = file[f"signals/{name}/value"][-8 * RATE:]
            self.assertEqual(file[f"signals/{name}/value"].attrs["units"], units)
            self.assertAlmostEqual(value.max(), height, delta=0.01 * height, msg=name)
            strongest = np.abs(np.fft.rfft(value)).argmax() / 8
            self.assertAlmostEqual(strongest, hz, delta=0.2, msg=name)
        pulse = file["signals/sync/value"][:]
        times = file["signals/sync/time"][:]
        self.assertTrue((np.diff(times) > 0).all())
        begins = times[1:][(pulse[1:] > 0.8) & (pulse[:-1] <= 0.8)]
        self.assertGreater(len(begins), 6)
        # The sound card's own clock: pulses come each second, on the session clock too.
        np.testing.assert_allclose(np.diff(begins[2:]), 1, atol=0.002 * PATIENCE)
        stream = file["streams/interface"]
        self.assertEqual(stream.attrs["received"], stream.attrs["written"])
        self.assertEqual(stream.attrs["written"], len(times))
        np.testing.assert_array_equal(np.diff(stream["sequence"][:]), 1)

    def test_a_server_that_goes_costs_its_signals_alone(self):
        self.server.play(tones(60))
        process = start("record", "lab.yaml", "-o", "out.h5", "--duration", 9, cwd=self.folder)
        wait_for_file(self.folder, "out.h5", process)
        time.sleep(4)
        self.server.process.kill()
        _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, SOURCE, err)
        self.assertIn("signals interface: the audio interface is gone", err)
        file = self.opened()
        if PATIENCE == 1:
            self.assertGreater(file["streams/video"].attrs["written"], 8.5 * 30)
        self.assertGreater(file["signals/emg/value"].shape[0], RATE)
        labels = [b"".join(label).decode() for label in file["events/label"][:]]
        self.assertIn("Signals of interface: no samples come from here", labels)

    def test_what_cannot_be_recorded_is_said_before(self):
        (self.folder / "lab.yaml").write_text(LAB % "elsewhere")
        self.check_refusal(SOURCE, ["signals interface", "'elsewhere'"], "record", "lab.yaml", "-o", "out.h5",
                           cwd=self.folder)
        subprocess.run(["pactl", "load-module", "module-null-sink", "sink_name=small", "channels=2"],
                       env=self.server.environment, check=True, capture_output=True)
        (self.folder / "lab.yaml").write_text(LAB % "small.monitor")
        self.check_refusal(SOURCE, ["too few inputs", "found 2; expected 4"], "record", "lab.yaml", "-o", "out.h5",
                           cwd=self.folder)
        (self.folder / "lab.yaml").write_text(LAB % sound_server.INTERFACE)
        subprocess.run(["pactl", "set-source-volume", sound_server.INTERFACE, "50%"], env=self.server.environment,
                       check=True)
        self.check_refusal(SOURCE, ["changes the level", "set-source-volume interface.monitor 100%"], "record", "lab.yaml",
                           "-o", "out.h5", cwd=self.folder)
        self.server.process.kill()
        self.server.process.wait()
        self.check_refusal(SOURCE, ["sound server cannot be reached"], "record", "lab.yaml", "-o", "out.h5",
                           cwd=self.folder)


if __name__ == "__main__":
    if not sound_server.available():
        raise SystemExit(SKIPPED)
    main()
