#!/usr/bin/env python3
"""Kills recordings with SIGKILL at random moments and holds what is left to the promise: the file opens for SWMR reading,
`soleus repair` and `soleus verify` pass, and nothing older than 1.5 s before the kill is missing.

    SOLEUS_PROGRAM=build/release/bin/soleus PYTHONPATH=tests/scenario tests/fault/kill_recordings.py --rounds 200
"""

import argparse
import pathlib
import random
import shutil
import sys
import tempfile
import time

import h5py

import archived_frames
import sound_server
from intact import faults_within, newest
from recording import Surroundings
from soleus_program import PATIENCE, SKIPPED, run, start, wait_for_file

LOST_AT_MOST_S = 1.5
DISPLAYS = ("calf_raises", "weak_pump_reflux")  # one scrolls, one sweeps


def kill_one(surroundings, folder, scenario, live_s):
    """Faults of one recording that was killed after `live_s` seconds of writing, and the age of its newest samples."""
    surroundings.write_lab(folder, scenario)
    process = start("record", "lab.yaml", "-o", "out.h5", cwd=folder)
    wait_for_file(folder, "out.h5", process)
    time.sleep(live_s)
    before = time.monotonic()
    process.kill()
    process.communicate()
    path = folder / "out.h5"
    faults = []
    left = newest(path, swmr=True)
    original = path.read_bytes()
    repaired = run("repair", "out.h5", "-o", "fixed.h5", cwd=folder)
    if repaired.code != 0:
        return [f"repair: {repaired.err.strip()}"], {}
    if path.read_bytes() != original:
        faults.append("repair has changed the original")
    verified = run("verify", "fixed.h5", cwd=folder)
    if verified.code != 0:
        faults.append(f"verify: {verified.out.strip()}")
    kept = newest(folder / "fixed.h5")
    archived = archived_frames.stamps_s(folder / "out.mkv")
    for name, arrival in left.items():
        if arrival is not None and (kept[name] is None or kept[name] < arrival):
            faults.append(f"repair has lost samples of {name}")
    with h5py.File(folder / "fixed.h5") as file:
        began = file["streams/video/arrival_time_ns"][0] * 1e-9 if file["streams/video/sequence"].shape[0] else before
        status = file.attrs["status"]
    if status != "repaired":
        faults.append(f"status {status}")
    # Of what the sources had not yet begun to send nothing is missing.
    ages = {name: before - arrival if arrival is not None else None for name, arrival in kept.items()}
    for name, age in ages.items():
        late = sound_server.STARTS_WITHIN_S if name == "interface" else 0.5
        if before - began > LOST_AT_MOST_S + late and (age is None or age > LOST_AT_MOST_S):
            faults.append(f"{name}: newest sample {age} s before the kill")
    # The archive's stamps are the video's, from its first frame on.
    ages["archived video"] = before - began - (archived[-1] - archived[0]) if len(archived) else None
    if before - began > LOST_AT_MOST_S + 0.5 and not (ages["archived video"] or 99) < LOST_AT_MOST_S:
        faults.append(f"archive: newest frame {ages['archived video']} s before the kill")
    if all(age is not None for age in ages.values()):
        faults += faults_within(folder / "fixed.h5")
    return faults, ages


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=8, help="seconds of writing before a kill, at most")
    parser.add_argument("--keep", help="folder for files that break the promise")
    args = parser.parse_args()
    if not sound_server.available():
        return SKIPPED
    moments = random.Random(args.seed)
    surroundings = Surroundings(args.rounds * (args.longest + 10) * PATIENCE)
    sound, worst = 0, {}
    try:
        for number in range(args.rounds):
            live_s = moments.uniform(0, args.longest)
            with tempfile.TemporaryDirectory() as scratch:
                faults, ages = kill_one(surroundings, pathlib.Path(scratch), DISPLAYS[number % len(DISPLAYS)], live_s)
                if faults and args.keep:
                    shutil.copytree(scratch, pathlib.Path(args.keep) / str(number), dirs_exist_ok=True)
            for name, age in ages.items():
                if age is not None:
                    worst[name] = max(worst.get(name, 0), age)
            sound += not faults
            if faults:
                print(f"round {number}, killed after {live_s:.2f} s: {'; '.join(faults)}", flush=True)
    finally:
        surroundings.stop()
    ages = ", ".join(f"{name} {age:.2f} s" for name, age in worst.items())
    print(f"{sound} of {args.rounds} keep the promise; most that was lost: {ages}")
    return 0 if sound == args.rounds else 1


if __name__ == "__main__":
    sys.exit(main())
