"""The sample session as h5py sees it: types, shapes, units, scales and values of the public contract."""

import sys

import h5py
import numpy as np

from contract import EXPECTED, check_dataset

full_path, empty_path = sys.argv[1:3]


def check_layout(file):
    for path, (kind, units) in EXPECTED.items():
        check_dataset(file[path], kind, units)
    assert file["/doppler/spectrum"].dims[1][0] == file["/doppler/velocity"]
    assert file["/contractions/onset_s"].dims[0][0] == file["/contractions/contraction"]


with h5py.File(full_path) as f:
    check_layout(f)
    assert f.attrs["schema"] == "soleus.session/1"
    assert f.attrs["status"] == "complete"
    assert f.attrs["condition"] == "seated, Grüße"
    assert f.attrs["software"] == "soleus 0.1.0"
    for name in "title created_utc session_id subject limb configuration calibration".split():
        assert isinstance(f.attrs[name], str), name

    doppler = f["/doppler"]
    # 90 frames of 9 columns at 270 columns a second.
    assert doppler["time"].shape == (810,)
    assert np.allclose(doppler["time"][:], (np.arange(810) + 0.5) / 270, atol=1e-9)
    # Row 63 is the lowest; baseline at row 40.0, 2 cm/s a row.
    assert np.allclose(doppler["velocity"][:], (40.0 - (63 - np.arange(64) + 0.5)) * 2.0)
    assert doppler["spectrum"].shape == (810, 64)
    assert (doppler["spectrum"][5] == 255).all()
    assert (doppler["spectrum"][700] == np.arange(64)).all()
    assert list(doppler["quality"].attrs["flag_masks"]) == [1, 2, 4, 8, 16, 32]
    assert (
        doppler["quality"].attrs["flag_meanings"]
        == "aliased low_snr clipped gap_before calibration_changed overlay"
    )
    assert list(np.flatnonzero(doppler["quality"][:])) == list(range(0, 810, 100))
    assert np.isnan(f["/flow/volume_flow"][:]).all()

    assert list(f["/events/kind"][:]) == [0, 1]
    labels = [row.tobytes().rstrip(b"\0").decode() for row in f["/events/label"][:]]
    assert labels == ["heel up — Ferse hoch", "mark"], labels
    assert f["/events/kind"].attrs["flag_meanings"].split()[0] == "cue"

    contractions = f["/contractions"]
    assert contractions["onset_s"][:].tolist() == [1.0]
    assert np.isnan(contractions["vti_cm"][0])
    source = contractions["onset_source"]
    assert source.attrs["flag_meanings"].split()[source[0]] == "emg"
    assert list(source.attrs["flag_values"]) == [0, 1, 2, 3]

    video = f["/streams/video"]
    assert video.attrs["received"] == 90 and video.attrs["written"] == 89
    assert video.attrs["dropped_overload"] == 1
    assert video["sequence"].shape == (89,) and video["sequence"][3] == 4
    assert video["device_time_ns"][0] == 7 and video["arrival_time_ns"][0] == 5_000_000
    # The first sample: session time 0, device time 7 ns.
    assert video["clock/session_time_s"][:].tolist() == [0.0]
    assert np.allclose(video["clock/offset_s"][:], [-7e-9], rtol=1e-9, atol=0)
    assert np.isnan(video["clock/drift_ppm"][:]).all() and np.isnan(video["clock/uncertainty_s"][:]).all()
    assert video["gaps/count"][:].tolist() == [1]
    assert video["gaps/cause"][0].tobytes().rstrip(b"\0") == b"overload"

with h5py.File(empty_path) as f:
    check_layout(f)
    assert f["/doppler/spectrum"].shape == (0, 64)
    assert f["/streams/video/clock/offset_s"].shape == (0,)
