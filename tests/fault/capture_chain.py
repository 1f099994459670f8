#!/usr/bin/env python3
"""A capture chain as in a lab, for minutes: a scanner's screen from a real RTSP server, an audio interface through a real
PulseAudio server. Nothing may be lost that is not explained, every stream balances, and `verify` finds no fault. The server's
recording lasts 20 s: it ends and begins anew, as a scanner that is switched off and on, and is waited for each time.

    export SOLEUS_PROGRAM=build/release/bin/soleus SOLEUS_RTSP_SERVER=build/release/bin/rtsp_server PYTHONPATH=tests/scenario
    export SOLEUS_RECORDINGS=build/release/tests/scenario/recordings       # where the tests have drawn network.mkv
    tests/fault/capture_chain.py --minutes 10
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

import sound_server
from soleus_program import RECORDINGS, run


def record(folder, port, seconds):
    shutil.copy(RECORDINGS / "network.calibration.yaml", folder / "scanner.yaml")
    (folder / "lab.yaml").write_text(f"""schema: soleus.lab/1
video: {{source: rtsp, url: 'rtsp://127.0.0.1:{port}/screen', latency_ms: 200}}
calibration: scanner.yaml
archive: {{codec: h264}}
signals:
  - {{name: interface, source: pulse, device: {sound_server.INTERFACE}, samples_per_second: {sound_server.RATE},
     channels: [{{name: emg, units: mV}}, {{name: force, units: N}}]}}
""")
    return run("record", "lab.yaml", "-o", "out.h5", "--duration", seconds, cwd=folder, timeout_s=seconds + 120)


def show(path):
    """Prints each stream; whether all balance and nothing is lost or missing without a cause."""
    sound = True
    with h5py.File(path) as session:
        print("status:", session.attrs["status"])
        for name, stream in session["streams"].items():
            lost = {cause: int(count) for cause, count in stream.attrs.items() if cause.startswith("dropped_") and count}
            received, written = int(stream.attrs["received"]), int(stream.attrs["written"])
            gaps = int(np.sum(stream["gaps/count"][:])) if "gaps" in stream else 0
            end_s = stream["session_time_ns"][-1] * 1e-9 if len(stream["session_time_ns"]) else 0
            print(f"  {name}: received {received}, written {written}, lost {lost or 'none'}, in gaps {gaps}, until {end_s:.1f} s")
            sound &= received == written + sum(lost.values())
        labels = [b"".join(label).decode().rstrip(chr(0)) for label in session["events/label"][:]]
        print(f"  events: {len(labels)}, silences of the video {sum('no frames' in label for label in labels)}")
    return sound


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    args = parser.parse_args()
    seconds = int(60 * args.minutes)
    server = subprocess.Popen([os.environ["SOLEUS_RTSP_SERVER"], RECORDINGS / "network.mkv", "0"], stdout=subprocess.PIPE,
                              text=True)
    sound = sound_server.SoundServer(2)
    try:
        t = np.arange((seconds + 60) * sound_server.RATE) / sound_server.RATE
        sound.play(np.stack([0.5 * np.sin(2 * np.pi * 440 * t), 0.25 * np.sin(2 * np.pi * 3 * t)], axis=1))
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            done = record(folder, server.stdout.readline().strip(), seconds)
            print(f"exit code {done.code}", *done.err.splitlines()[-1:])
            balanced = show(folder / "out.h5")
            verified = run("verify", "out.h5", cwd=folder, timeout_s=600)
            print(verified.out.strip() or verified.err.strip())
    finally:
        server.kill()
        sound.stop()
    return 0 if done.code == 0 and balanced and verified.code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
