"""A real PulseAudio server of the test's own, with an audio interface that plays what the test gives it."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from soleus_program import PATIENCE

RATE = 4000
INTERFACE = "interface.monitor"
# From the beginning of a recording to the first sample: a null sink is asked for two seconds at a time at first.
STARTS_WITHIN_S = 3


def available():
    return all(shutil.which(name) for name in ("pulseaudio", "pacat", "pactl"))


class SoundServer:
    """`channels` inputs without loudspeaker positions, as converters have. Sets PULSE_SERVER for this process and those
    that it starts."""

    def __init__(self, channels):
        self.channels = channels
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name)
        self.places = ",".join(f"aux{n}" for n in range(channels))
        (path / "server.pa").write_text(
            f"load-module module-null-sink sink_name=interface rate={RATE} channels={channels} "
            f"channel_map={self.places} format=float32le\n"
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={path}/socket\n")
        os.environ["PULSE_SERVER"] = f"unix:{path}/socket"
        # Its folders are the test's: another server of the same user goes on undisturbed.
        self.environment = {**os.environ, "HOME": str(path), "XDG_RUNTIME_DIR": str(path), "XDG_CONFIG_HOME": str(path)}
        self.process = subprocess.Popen(
            ["pulseaudio", "--daemonize=no", "-n", "-F", str(path / "server.pa"), "--exit-idle-time=-1",
             "--disallow-exit", "--use-pid-file=no"],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20 * PATIENCE
        while subprocess.run(["pactl", "info"], env=self.environment, capture_output=True).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < end, "pulseaudio does not start"
            time.sleep(0.05)
        self.player = None

    def play(self, samples):
        """Plays float32 samples, [time, channel], from now on."""
        raw = pathlib.Path(self.folder.name) / "sound.raw"
        samples.astype("<f4").tofile(raw)
        self.player = subprocess.Popen(
            ["pacat", "--playback", "--raw", "--format=float32le", f"--rate={RATE}", f"--channels={self.channels}",
             f"--channel-map={self.places}", "-d", "interface", str(raw)],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        for process in (self.player, self.process):
            if process is not None:
                process.kill()
                process.wait()
        self.folder.cleanup()
