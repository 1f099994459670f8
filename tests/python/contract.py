"""The session file's layout, written down from the public contract and not from the program."""

import numpy as np

# path: (type, units)
EXPECTED = {
    "/doppler/time": ("f8", "s"),
    "/doppler/velocity": ("f8", "cm s-1"),
    "/doppler/spectrum": ("u1", "dB"),
    "/doppler/peak_velocity": ("f4", "cm s-1"),
    "/doppler/peak_velocity_forward": ("f4", "cm s-1"),
    "/doppler/peak_velocity_reverse": ("f4", "cm s-1"),
    "/doppler/mean_velocity": ("f4", "cm s-1"),
    "/doppler/snr": ("f4", "dB"),
    "/doppler/quality": ("u1", "1"),
    "/vessel/time": ("f8", "s"),
    "/vessel/diameter": ("f4", "mm"),
    "/vessel/area": ("f4", "mm2"),
    "/vessel/confidence": ("f4", "1"),
    "/vessel/angle": ("f4", "degree"),
    "/flow/time": ("f8", "s"),
    "/flow/volume_flow": ("f4", "mL min-1"),
    "/events/time": ("f8", "s"),
    "/events/kind": ("u1", "1"),
    "/events/label": ("S1", None),
    "/streams/video/sequence": ("i8", "1"),
    "/streams/video/device_time_ns": ("i8", "ns"),
    "/streams/video/arrival_time_ns": ("i8", "ns"),
    "/streams/video/session_time_ns": ("i8", "ns"),
    "/streams/video/gaps/start_s": ("f8", "s"),
    "/streams/video/gaps/end_s": ("f8", "s"),
    "/streams/video/gaps/count": ("i8", "1"),
    "/streams/video/gaps/cause": ("S1", None),
    "/streams/video/clock/session_time_s": ("f8", "s"),
    "/streams/video/clock/offset_s": ("f8", "s"),
    "/streams/video/clock/drift_ppm": ("f8", "1e-6"),
    "/streams/video/clock/uncertainty_s": ("f8", "s"),
}
# Of a measurement alone: a truth is exact.
UNCERTAINTY = {
    "/doppler/peak_velocity_uncertainty": ("f4", "cm s-1"),
    "/doppler/mean_velocity_uncertainty": ("f4", "cm s-1"),
    "/doppler/mean_velocity_hidden": ("f4", "cm s-1"),
}
EXPECTED |= UNCERTAINTY
CONTRACTION_UNITS = {"_cm_s": "cm s-1", "_ml": "mL", "_cm": "cm", "_s": "s"}
CONTRACTION_COLUMNS = """onset_s flow_onset_s peak_s end_s baseline_velocity_cm_s peak_velocity_cm_s mean_velocity_cm_s
    vti_cm augmentation_ratio augmentation_cm_s ejected_volume_ml excess_volume_ml reflux_duration_s reflux_peak_cm_s
    reflux_volume_ml refill_time_s onset_source quality""".split()
for column in CONTRACTION_COLUMNS:
    unit = next((u for end, u in CONTRACTION_UNITS.items() if column.endswith(end)), "1")
    EXPECTED["/contractions/" + column] = ("u1" if column == "onset_source" else "f8", unit)
# Of contractions that were measured, beside those.
MEASURED_CONTRACTIONS = {f"/contractions/{name}": ("f8", unit) for name, unit in {
    "flow_onset_uncertainty_s": "s", "baseline_velocity_uncertainty_cm_s": "cm s-1", "peak_velocity_uncertainty_cm_s": "cm s-1",
    "mean_velocity_uncertainty_cm_s": "cm s-1", "vti_uncertainty_cm": "cm", "augmentation_ratio_uncertainty": "1",
    "augmentation_uncertainty_cm_s": "cm s-1", "ejected_volume_uncertainty_ml": "mL", "excess_volume_uncertainty_ml": "mL",
    "reflux_duration_uncertainty_s": "s", "reflux_peak_uncertainty_cm_s": "cm s-1", "reflux_volume_uncertainty_ml": "mL",
    "refill_time_uncertainty_s": "s"}.items()}


def check_dataset(dataset, kind, units):
    path = dataset.name
    assert dataset.dtype == np.dtype(kind), (path, dataset.dtype)
    if units is None:
        assert dataset.attrs["_Encoding"] == "utf-8", path
    else:
        assert dataset.attrs["units"] == units, (path, dataset.attrs["units"])
    assert dataset.attrs["long_name"], path
    if dataset.attrs.get("CLASS") != b"DIMENSION_SCALE":
        assert len(dataset.dims[0]) == 1, (path, "has no scale")
        assert dataset.dims[0][0].parent == dataset.parent, path
