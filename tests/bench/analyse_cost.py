#!/usr/bin/env python3
"""What `soleus analyse` costs: wall and processor time against decoding alone, peak memory at 60 and 600 s.

    tests/bench/analyse_cost.py build/release [--runs 5] [--long]

The times are taken in turn on the same 720p30 H.264 recording of 60 s, so that a busy machine slows both. --long also
measures a 600 s recording (drawing it takes some minutes).
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def run(command):
    """Seconds, processor seconds and peak resident MiB of a command; stops everything if it fails."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def simulate(soleus, folder, duration_s):
    text = (SOURCE / "configs/scenarios/calf_raises.yaml").read_text()
    assert "duration_s: 60\n" in text
    scenario = folder / f"{duration_s}s.yaml"
    scenario.write_text(text.replace("duration_s: 60\n", f"duration_s: {duration_s}\n", 1))
    video = folder / f"{duration_s}s.mkv"
    run([soleus, "simulate", video, "--scenario", scenario])
    return video


def analyse(soleus, video):
    session = video.with_suffix(".h5")
    profile = video.with_suffix(".calibration.yaml")
    return run([soleus, "analyse", video, "--calibration", profile, "-o", session, "--force"])


def decode(video):
    return run(["gst-launch-1.0", "-q", "filesrc", f"location={video}", "!", "decodebin", "!", "fakesink", "sync=false"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--long", action="store_true")
    args = parser.parse_args()
    soleus = args.build / "bin/soleus"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        video = simulate(soleus, folder, 60)
        decode(video), analyse(soleus, video)  # the disk cache is warm from here on
        pairs = [(decode(video), analyse(soleus, video)) for _ in range(args.runs)]
        print(f"60 s of 720p30 H.264, {args.runs} runs in turn, {os.cpu_count()} cores")
        for name, of in (("wall time", 0), ("processor", 1)):
            ratios = [analysed[of] / decoded[of] for decoded, analysed in pairs]
            print(f"  {name}: decoding alone {statistics.median(d[of] for d, _ in pairs):6.2f} s, soleus analyse "
                  f"{statistics.median(a[of] for _, a in pairs):6.2f} s (medians)")
            print(f"             ratio {statistics.median(ratios):5.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")
        short = statistics.median(analysed[2] for _, analysed in pairs)
        print(f"  peak memory      median {short:6.0f} MiB")
        if args.long:
            seconds, _, peak = analyse(soleus, simulate(soleus, folder, 600))
            print(f"600 s of the same: {seconds:.1f} s, peak memory {peak:.0f} MiB, {100 * (peak / short - 1):+.1f} %")


if __name__ == "__main__":
    main()
