#!/usr/bin/env python3
"""Hours of recording at the speed of the processor: the phantom's screen as fast as it can be drawn, measured and archived,
while memory and open files of the program are watched. Both must be flat after the first hour of session time.

    SOLEUS_PROGRAM=build/release/bin/soleus PYTHONPATH=tests/scenario tests/fault/soak.py --hours 24
"""

import argparse
import os
import pathlib
import re
import sys
import tempfile
import time

import h5py

from soleus_program import SCENARIOS, run, start, wait_for_file

# Less than half of the pixels and half of the frames, so that a day takes an hour: what grows does so by frames, columns and
# rows of tables, of which there are a million all the same.
SMALLER = {
    "width: 640": "width: 432",
    "height: 480": "height: 320",
    "frame_rate_numerator: 30000": "frame_rate_numerator: 15000",
    "seconds_per_column: 0.0093 ": "seconds_per_column: 0.0139 ",
    "{x: 28, y: 268, width: 431, height: 176}": "{x: 18, y: 178, width: 288, height: 118}",
    "{x: 150, y: 48, width: 220, height: 200}": "{x: 100, y: 32, width: 147, height: 133}",
    "bmode_mm_per_pixel: 0.2": "bmode_mm_per_pixel: 0.3",
}
SETTLED_S = 3600
# Of memory that goes on growing an hour brings more than this: a sample that is kept costs some tens of bytes, and there
# are a million spectral columns in an hour.
GROWTH_MB_PER_HOUR = 2


def resident_mb(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def session_s(path):
    try:
        with h5py.File(path, "r", libver="latest", swmr=True) as file:
            if file.attrs["status"] != "recording":
                return 0  # what it does afterwards, its summary, is no recording
            times = file["streams/video/session_time_ns"]
            return times[-1] * 1e-9 if len(times) else 0
    except OSError:
        return 0  # it has just ended


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=24, help="of session time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        scenario = (SCENARIOS / "quick.yaml").read_text()
        for large, small in SMALLER.items():
            assert large in scenario, large
            scenario = scenario.replace(large, small)
        scenario = re.sub(r"(?m)^duration_s: .*$", f"duration_s: {args.hours * 3600:.0f}", scenario)
        # As many contractions as a scenario may have, spread over the hours, four seconds apart at least.
        count = min(990, int(args.hours * 900) - 2)
        scenario = re.sub(r"(?m)^  count: .*$", f"  count: {count}", scenario)
        scenario = re.sub(r"(?m)^  interval_s: .*$", f"  interval_s: {args.hours * 3600 / (count + 2):.2f}", scenario)
        (folder / "long.yaml").write_text(scenario)
        (folder / "lab.yaml").write_text("schema: soleus.lab/1\nvideo: {source: phantom, scenario: long.yaml, live: false}\n"
                                         "archive: {codec: h264}\n")
        began = time.monotonic()
        process = start("record", "lab.yaml", "-o", "out.h5", cwd=folder)
        wait_for_file(folder, "out.h5", process)
        looks = []
        while process.poll() is None:
            time.sleep(2)
            try:
                look = session_s(folder / "out.h5"), resident_mb(process.pid), open_files(process.pid)
                if min(look) > 0:  # it still runs
                    looks.append(look)
            except (FileNotFoundError, ProcessLookupError, IndexError):
                break
        _, err = process.communicate()
        looks = looks[:-2]  # the last may be of its end
        settled = [look for look in looks if look[0] > SETTLED_S] or looks[len(looks) // 2:]
        first, last = settled[0], settled[-1]
        hours = max((last[0] - first[0]) / 3600, 1e-9)
        grown = (last[1] - first[1]) / hours
        for hour in range(0, int(last[0] / 3600) + 1):
            within = [look for look in looks if hour <= look[0] / 3600 < hour + 1]
            if within:
                print(f"  hour {hour}: {min(w[1] for w in within):.0f} to {max(w[1] for w in within):.0f} MB")
        print(f"{last[0] / 3600:.2f} h of session in {(time.monotonic() - began) / 60:.1f} min, exit code {process.returncode}; "
              f"memory {first[1]:.0f} to {last[1]:.0f} MB ({grown:+.2f} MB an hour), open files {first[2]} to {last[2]}")
        verified = run("verify", "out.h5", cwd=folder, timeout_s=1200)
        print(verified.out.strip() or verified.err.strip())
        sound = (process.returncode == 0 and verified.code == 0 and grown < GROWTH_MB_PER_HOUR and first[2] == last[2])
        if err:
            print(err.strip())
        return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
