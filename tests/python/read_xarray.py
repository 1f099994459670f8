"""Every group of the sample sessions through both of xarray's HDF5 engines: they open, agree and decode."""

import sys

import numpy as np

from every_group import ENGINES, check_every_group, groups_of, load

full_path, empty_path = sys.argv[1:3]

for path in (full_path, empty_path):
    assert "/streams/video/gaps" in groups_of(path), path
    check_every_group(path)

for engine in ENGINES:
    doppler = load(full_path, "/doppler", engine)
    assert doppler.spectrum.dims == ("time", "velocity"), engine
    assert set(doppler.coords) == {"time", "velocity"}, engine
    assert doppler.time.attrs["units"] == "s" and doppler.velocity.attrs["units"] == "cm s-1"
    assert doppler.peak_velocity.attrs["units"] == "cm s-1"
    # 51 dB over 255 steps: grey g is 0.2 g - 51 dB; column 5 has no spectrum.
    assert doppler.spectrum.attrs["units"] == "dB"
    assert np.allclose(doppler.spectrum[700], 0.2 * np.arange(64) - 51, atol=1e-4), engine
    assert np.isnan(doppler.spectrum[5]).all() and not np.isnan(doppler.spectrum[6]).any(), engine
    assert abs(float(doppler.peak_velocity.sel(time=1.0, method="nearest")) - (40 + 20 * np.sin(269 / 50))) < 0.5

    events = load(full_path, "/events", engine)
    assert events.label.values.tolist() == ["heel up — Ferse hoch", "mark"], engine
    gaps = load(full_path, "/streams/video/gaps", engine)
    assert gaps.cause.values.tolist() == ["overload"], engine
    clock = load(full_path, "/streams/video/clock", engine)
    assert clock.session_time_s.values.tolist() == [0.0] and np.isnan(clock.drift_ppm).all(), engine
    table = load(full_path, "/contractions", engine).to_dataframe()
    assert table.loc[1, "peak_velocity_cm_s"] == 60 and np.isnan(table.loc[1, "vti_cm"]), engine
    root = load(full_path, "/", engine)
    assert root.attrs["schema"] == "soleus.session/1" and root.attrs["condition"] == "seated, Grüße"
    assert load(empty_path, "/doppler", engine).sizes["time"] == 0
