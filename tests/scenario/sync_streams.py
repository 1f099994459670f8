"""Files that show the same flashes, pulses and taps, one of them late by a hidden delay."""

import subprocess
import wave

import numpy as np

from soleus_program import environment

SIGNAL_HZ = 1000
SOUND_HZ = 16000
WIDTH, HEIGHT = 160, 90
LONG_S = 0.12


def uneven_times(random, count, least_s=1.0, more_s=1.5):
    """Times of events, so far apart and up to as much more."""
    return 1.5 + np.cumsum(least_s + random.uniform(0, more_s, count))


def lasts(times_s, events_s, long_s):
    """Where an event is under way, and seconds since its beginning."""
    since = times_s - np.r_[-np.inf, events_s][np.searchsorted(events_s, times_s, side="right")]
    return since < long_s, since


def write_pulses(path, random, events_s, length_s, noise=0.02, contractions=False):
    """A line that goes up with each event (`sync`), and a force with a tap at each (`force`)."""
    time = np.arange(int(length_s * SIGNAL_HZ)) / SIGNAL_HZ
    high, since = lasts(time, events_s, 0.05)
    sync = 5 * high + random.normal(0, noise * 5, time.size)
    force = 40 * np.where(high, np.sin(np.pi * np.where(high, since, 0) / 0.05), 0) + random.normal(0, 0.5, time.size)
    if contractions:
        force += 200 * np.sin(np.pi * np.minimum(1, (time + 0.7) % 3)) ** 2
    rows = (f"{t:.3f},{s:.4f},{f:.3f}\n" for t, s, f in zip(time, sync, force))
    path.write_text("time_s,sync (V),force (N)\n" + "".join(rows))


def write_taps(path, random, events_s, length_s):
    """Doppler sound: blood that swells every 3 s, noise, and a tap with each event, on both channels."""
    time = np.arange(int(length_s * SOUND_HZ)) / SOUND_HZ
    rings, since = lasts(time, events_s, 0.15)
    blood = np.sin(np.pi * np.minimum(1, (time + 0.4) % 3)) ** 2
    channels = []
    for _ in range(2):
        sound = 0.02 * random.normal(size=time.size) + 0.15 * blood * random.normal(size=time.size)
        since = np.where(rings, since, 0)
        sound += np.where(rings, 0.6 * np.exp(-since / 0.02) * np.sin(2 * np.pi * 300 * since), 0)
        channels.append(np.clip(sound, -1, 1))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, SOUND_HZ, 0, "NONE", ""))
        file.writeframes((np.stack(channels, 1) * 32767).astype("<i2").tobytes())


def write_flashes(path, random, events_s, length_s, frames_per_s, whole=False):
    """A screen with something that moves, and a patch in its corner (or all of it) that flashes with each event."""
    count = int(length_s * frames_per_s)
    time = np.arange(count) / frames_per_s
    lit, _ = lasts(time, events_s, LONG_S)
    frames = random.integers(20, 60, (count, HEIGHT, WIDTH), dtype=np.uint8)
    column = (np.arange(count) * 2) % WIDTH  # a bright bar that crosses it
    frames[np.arange(count), :, column] = 200
    frames[:, 5:15, 145:155] = 0
    if whole:
        frames[lit] = 220
    else:
        frames[lit, 5:15, 145:155] = 255
    raw = path.with_suffix(".raw")
    raw.write_bytes(frames.tobytes())
    line = (f"filesrc location={raw} ! rawvideoparse width={WIDTH} height={HEIGHT} format=gray8 framerate={frames_per_s}/1 "
            f"! videoconvert ! jpegenc quality=90 ! matroskamux ! filesink location={path}")
    done = subprocess.run(["gst-launch-1.0", "-q", *line.split()], capture_output=True, text=True, timeout=300, env=environment())
    raw.unlink()
    assert done.returncode == 0 and not done.stderr, done.stderr
