#!/usr/bin/env python3
"""Lets recordings run into a full disk at random moments: a limit to the file's size, which strikes in the middle of a
write, and, where the user may mount one, a small disk in memory. Each must end with exit code 5 and one sentence, and
everything up to 1.5 s before its end must be there.

    SOLEUS_PROGRAM=build/release/bin/soleus PYTHONPATH=tests/scenario tests/fault/fill_disk.py --rounds 20
"""

import argparse
import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import h5py

import sound_server
from intact import faults_within, newest
from recording import Surroundings
from soleus_program import PATIENCE, SKIPPED, run

STORAGE = 5
LOST_AT_MOST_S = 1.5


@contextlib.contextmanager
def small_disk(folder, size_bytes):
    """A disk of this size at `folder`; false where none can be mounted."""
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "none", folder], capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)


def ended_by_itself(path):
    try:
        with h5py.File(path) as file:
            return file.attrs["status"] == "interrupted"
    except OSError:
        return False


def fill_one(surroundings, folder, room_bytes, limited):
    """Faults of one recording that had so much room."""
    surroundings.write_lab(folder)
    done = run("record", "lab.yaml", "-o", "out.h5", cwd=folder, timeout_s=300,
               file_size_limit_bytes=room_bytes if limited else None)
    ended = time.monotonic()
    faults = []
    # The sound server's library speaks of the limit too.
    sentences = [line for line in done.err.splitlines() if line.startswith("soleus: ")]
    if done.code != STORAGE or len(sentences) != 1:
        faults.append(f"exit code {done.code}: {done.err.strip()}")
    path = folder / "out.h5"
    if not path.exists():
        return faults + ["no file"]
    with tempfile.TemporaryDirectory() as elsewhere:
        kept = pathlib.Path(elsewhere) / "kept.h5"
        if ended_by_itself(path):  # while there was room
            shutil.copy(path, kept)
            status = "interrupted"
        else:
            repaired = run("repair", path, "-o", kept)
            if repaired.code != 0:
                return faults + [f"repair: {repaired.err.strip()}"]
            status = "repaired"
        verified = run("verify", kept)
        if verified.code != 0:
            faults.append(f"verify: {verified.out.strip()}")
        with h5py.File(kept) as file:
            if file.attrs["status"] != status:
                faults.append(f"status {file.attrs['status']}, expected {status}")
        with h5py.File(kept) as file:
            lasted_s = file["streams/video/session_time_ns"][-1] * 1e-9 if file["streams/video/sequence"].shape[0] else 0
        for name, arrival in newest(kept).items():
            if arrival is None and name == "interface" and lasted_s < sound_server.STARTS_WITHIN_S:
                continue
            # The program takes a moment to end.
            if arrival is None or ended - arrival > LOST_AT_MOST_S + 0.5:
                faults.append(f"{name}: newest sample {ended - arrival if arrival else None} s before the end")
        if lasted_s > sound_server.STARTS_WITHIN_S:
            faults += faults_within(kept)
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not sound_server.available():
        return SKIPPED
    sizes = random.Random(args.seed)
    surroundings = Surroundings(args.rounds * 60 * PATIENCE)
    sound = disks = 0
    try:
        for number in range(args.rounds):
            # From some seconds of recording on.
            room_bytes = round(sizes.uniform(3e6, 9e6))
            limited = number % 2 == 0
            with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
                limited = limited or not stack.enter_context(small_disk(folder, room_bytes))
                disks += not limited
                faults = fill_one(surroundings, pathlib.Path(folder), room_bytes, limited)
            sound += not faults
            if faults:
                kind = "size limit" if limited else "small disk"
                print(f"round {number}, {kind} of {room_bytes} bytes: {'; '.join(faults)}", flush=True)
    finally:
        surroundings.stop()
    print(f"{sound} of {args.rounds} keep the promise, {disks} of them on a small disk")
    return 0 if sound == args.rounds else 1


if __name__ == "__main__":
    sys.exit(main())
