"""Sessions that the program itself wrote, a measured recording and its truth, in every reader."""

import subprocess
import sys

import h5py
import numpy as np

from contract import EXPECTED, MEASURED_CONTRACTIONS, UNCERTAINTY, check_dataset
from every_group import ENGINES, check_every_group, load

measured_path, truth_path = sys.argv[1:3]
# Scales of the contract that hold no measurement, and the lengths of texts.
UNNAMED = ("/contractions/contraction", "/events/label_length", "gaps/cause_length")


def check_layout(path, expected):
    """Every dataset is as the contract says, and those of `expected` are there."""
    seen = set()

    def check(name, item):
        # What the contract says of one stream it says of each.
        parts = name.split("/")
        general = "/" + "/".join(["streams", "video", *parts[2:]] if parts[0] == "streams" else parts)
        if isinstance(item, h5py.Dataset) and not general.endswith(UNNAMED):
            check_dataset(item, *(EXPECTED | MEASURED_CONTRACTIONS)[general])
            seen.add(general)

    with h5py.File(path) as file:
        file.visititems(check)
    assert (seen & set(MEASURED_CONTRACTIONS)) == (set() if path == truth_path else set(MEASURED_CONTRACTIONS)), path
    missing = {p for p in EXPECTED if p.startswith(expected)} - seen
    assert missing == (set(UNCERTAINTY) if path == truth_path else set()), (path, missing)


def dumped(*arguments):
    """What h5dump prints, which has to be all."""
    done = subprocess.run(["h5dump", *arguments], capture_output=True, text=True, check=True)
    assert done.stderr == "", done.stderr
    return done.stdout


check_layout(measured_path, ("/doppler/", "/vessel/", "/flow/", "/events/", "/streams/"))
check_layout(truth_path, ("/doppler/time", "/doppler/peak", "/doppler/mean", "/vessel/", "/contractions/", "/events/"))
for path in (measured_path, truth_path):
    check_every_group(path)
    # The whole file, its numbers too.
    assert "DATASET \"mean_velocity\"" in dumped(path), path
assert "\"cm s-1\"" in dumped("-a", "/doppler/peak_velocity/units", measured_path)

for engine in ENGINES:
    doppler = load(measured_path, "/doppler", engine)
    truth = load(truth_path, "/doppler", engine)
    # Twelve seconds of the phantom, less what a sweep shows too late to measure.
    assert 10 < float(doppler.time[-1] - doppler.time[0]) < 12.1, engine
    assert bool((doppler.time.diff("time") > 0).all()), engine
    true_mean = truth.mean_velocity.sel(time=doppler.time, method="nearest")
    assert abs(float((doppler.mean_velocity - true_mean.values).mean())) < 1.5, engine
    assert -60 < float(doppler.spectrum.min()) < float(doppler.spectrum.max()) <= 0, engine
    video = load(measured_path, "/streams/video", engine)
    assert video.session_time_ns.size == video.attrs["received"] == video.attrs["written"], engine
    assert np.isclose(float(video.session_time_ns[-1]) * 1e-9, 12, atol=0.1), engine
