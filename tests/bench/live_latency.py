#!/usr/bin/env python3
"""How long after a frame has arrived its velocities stand in the session file, for a reader that follows it: a 720p screen at
30 frames/s live, with an audio interface of two inputs and a board of two. Also what of the processor the recording takes.

    SOLEUS_PROGRAM=build/release/bin/soleus PYTHONPATH=tests/scenario:tests/fault tests/bench/live_latency.py
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

import h5py
import numpy as np

from recording import Surroundings
from soleus_program import start, wait_for_file


def follow(path, process, seconds):
    """(arrival on the monotonic clock, seen) of each frame whose measurement a reader has seen; likewise of each column, by
    the arrival of the first frame that shows it, and by the moment when it was drawn."""
    frames, columns, drawn = [], [], []
    with h5py.File(path, "r", libver="latest", swmr=True) as file:
        arrival = file["streams/video/arrival_time_ns"]
        session = file["streams/video/session_time_ns"]
        measured = file["streams/measurement/sequence"]
        column = file["doppler/time"]
        velocity = file["doppler/peak_velocity"]
        seen_frames = seen_columns = 0
        end = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < end:
            for dataset in (velocity, column, measured, session, arrival):
                dataset.refresh()
            now = time.monotonic()
            count = min(len(measured), len(arrival))
            if count > seen_frames:
                frames += [(a * 1e-9, now) for a in arrival[seen_frames:count]]
                seen_frames = count
            count = min(len(column), len(velocity))
            if count > seen_columns and len(arrival):
                origin = np.median(arrival[-30:] - session[-30:]) * 1e-9
                new = column[seen_columns:count]
                shown_by = np.searchsorted(session[:] * 1e-9, new)
                arrivals = arrival[:]
                columns += [(arrivals[n] * 1e-9, now) for n in shown_by if n < len(arrivals)]
                drawn += [(origin + c, now) for c in new]
                seen_columns = count
            time.sleep(0.005)
    return frames, columns, drawn


def show(what, pairs):
    late = sorted((seen - came) * 1e3 for came, seen in pairs)
    print(f"{what}: median {statistics.median(late):.0f} ms, 99 % {late[int(0.99 * len(late))]:.0f} ms, "
          f"worst {late[-1]:.0f} ms, {len(late)} of them")


def processor_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--scenario", default="calf_raises", help="calf_raises scrolls, weak_pump_reflux sweeps")
    args = parser.parse_args()
    surroundings = Surroundings(args.seconds + 60)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            surroundings.write_lab(folder, args.scenario)
            process = start("record", "lab.yaml", "-o", "out.h5", cwd=folder)
            wait_for_file(folder, "out.h5", process)
            time.sleep(5)  # the display's kind is known by then
            before, began = processor_s(process.pid), time.monotonic()
            frames, columns, drawn = follow(folder / "out.h5", process, args.seconds)
            share = (processor_s(process.pid) - before) / (time.monotonic() - began)
            process.terminate()
            process.communicate()
            with h5py.File(folder / "out.h5") as file:
                lost = {name: int(sum(v for k, v in s.attrs.items() if k.startswith("dropped_")))
                        for name, s in file["streams"].items()}
    finally:
        surroundings.stop()
    skip = 60  # what was there when the reader came
    show("frame's arrival to its measurement with a reader", frames[skip + 150:])
    show("frame's arrival to the first look at its velocities with a reader", columns[3000:])
    show("column drawn to the first look at its velocity with a reader", drawn[3000:])
    print(f"processor: {share * 100:.0f} % of one core; lost: {lost}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
