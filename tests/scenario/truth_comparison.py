"""What a session got wrong, against the phantom's truth. Pure functions of two Session values.

Windows of a contraction come from the truth's own table: flow_onset_s to end_s for the ejection, end_s to the next onset
for what follows. Nothing measured decides where it is judged.
"""

import dataclasses
import re

import numpy as np

from session_data import ALIASED, LOW_SNR

# Lags tried, s: a whole sweep's worth of error is found by the coarse steps, a millisecond by the fine ones.
COARSE_LAGS_S = np.arange(-2.0, 2.0, 0.02)
FINE_STEP_S = 0.0005
# Half the width of the stretch around the true peak over which trace and truth are averaged: as long as the
# spectrum's own window of 10 ms on each side, short against a burst.
AROUND_PEAK_S = 0.020
SPEED_OF_SOUND_CM_PER_S = 154000.0


@dataclasses.dataclass
class Spread:
    mean: float
    sd: float
    worst: float  # by magnitude, with its sign

    @staticmethod
    def of(errors):
        errors = np.asarray(errors, float)
        if errors.size == 0 or np.isnan(errors).all():
            return Spread(np.nan, np.nan, np.nan)
        finite = errors[np.isfinite(errors)]
        return Spread(finite.mean(), finite.std(), finite[np.argmax(np.abs(finite))])


@dataclasses.dataclass
class Comparison:
    contractions: int
    missed: int  # contractions without one finite column
    peak_percent: Spread  # highest forward value in the ejection against the true peak
    near_peak_percent: Spread  # mean of the trace around the true peak: the estimator's bias without the speckle
    peak_time_ms: Spread
    lag_start_ms: float  # of the whole trace, + is late; first and last half of the recording
    lag_end_ms: float
    tamean_percent: float  # as read: mean of what was measured against the mean of the whole truth
    mean_percent: float  # of the same columns
    flow_percent: float  # mean volume flow, of the same columns
    vti_percent: Spread
    column_percent: Spread  # every usable column whose true velocity is over half the largest
    reflux_duration_s: Spread  # measured less true, both beyond the wall filter
    reflux_peak_percent: Spread
    reverse_after_s: float  # mean time of reverse flow after an ejection, beyond the wall filter, in sure columns
    missing_share: float  # of columns without a velocity
    low_snr_share: float
    aliased_share: float
    covered_s: float
    duration_s: float
    diameter_percent: Spread
    diameter_missing_share: float


def between(times, start, end):
    return (times >= start) & (times < end)


def lag_s(time, value, truth_time, truth_value):
    """The shift of `value` against the truth at which they correlate best, + when it is late. Only the columns that
    have a value count; the truth is fine enough to be read anywhere."""

    def correlation(lags):
        result = []
        for lag in lags:
            inside = between(time - lag, truth_time[0], truth_time[-1])
            reference = np.interp(time[inside] - lag, truth_time, truth_value)
            result.append(np.corrcoef(value[inside], reference)[0, 1])
        return np.array(result)

    if len(time) < 100:
        return np.nan
    coarse = COARSE_LAGS_S[np.nanargmax(correlation(COARSE_LAGS_S))]
    fine = np.arange(coarse - 0.03, coarse + 0.03, FINE_STEP_S)
    return fine[np.nanargmax(correlation(fine))]


def wall_filter_cm_per_s(calibration):
    def number(key):
        found = re.search(rf"{key}: *([-+.\de]+)", calibration)
        return float(found.group(1)) if found else np.nan

    hz, f0, angle = number("wall_filter_hz"), number("transmit_frequency_hz"), number("angle_degrees")
    return hz * SPEED_OF_SOUND_CM_PER_S / (2 * f0 * np.cos(np.radians(angle)))


def time_below(time, value, threshold, start, end):
    """Seconds between start and end in which value < threshold; columns without a value count as not below."""
    steps = np.gradient(time)
    chosen = between(time, start, end)
    return float(np.sum(steps[chosen][np.nan_to_num(value[chosen], nan=0.0) < threshold]))


def integral_between(time, value, start, end):
    """Trapezium rule from start to end over what has a value, in straight lines across what has none."""
    finite = np.isfinite(value)
    grid = np.arange(start, end, 0.001)
    return np.trapz(np.interp(grid, time[finite], value[finite]), grid)


def compare(session, truth):
    table = truth.contractions
    onsets, ends = table.get("flow_onset_s", np.array([])), table.get("end_s", np.array([]))
    nexts = np.append(onsets[1:], truth.time[-1])
    wall = wall_filter_cm_per_s(truth.calibration)
    true_at = lambda times: np.interp(times, truth.time, truth.peak)

    rows = {name: [] for name in ("peak", "near", "time", "vti", "reflux_s", "reflux_peak", "reverse_s")}
    sure = np.isfinite(session.peak) & ((session.quality & LOW_SNR) == 0)
    missed = judged = 0
    for i, (onset, end, after) in enumerate(zip(onsets, ends, nexts)):
        # A contraction that the recording does not hold to its end cannot be judged.
        if end > session.time[-1]:
            continue
        judged += 1
        inside = between(session.time, onset, end) & np.isfinite(session.forward)
        if not inside.any():
            missed += 1
            continue
        peak, peak_s = table["peak_velocity_cm_s"][i], table["peak_s"][i]
        rows["peak"].append(100 * (session.forward[inside].max() / peak - 1))
        rows["time"].append(1000 * (session.time[inside][session.forward[inside].argmax()] - peak_s))
        near = between(session.time, peak_s - AROUND_PEAK_S, peak_s + AROUND_PEAK_S) & np.isfinite(session.forward)
        if near.any():
            rows["near"].append(100 * (session.forward[near].mean() / true_at(session.time[near]).mean() - 1))
        rows["vti"].append(100 * (integral_between(session.time, session.forward, onset, end) / table["vti_cm"][i] - 1))
        rows["reverse_s"].append(time_below(session.time, np.where(sure, session.peak, np.nan), -wall, end, after))
        if table["reflux_duration_s"][i] > 0 and after <= session.time[-1]:
            true_s = time_below(truth.time, truth.peak, -wall, end, after)
            rows["reflux_s"].append(rows["reverse_s"][-1] - true_s)
            back = between(session.time, end, after) & sure
            rows["reflux_peak"].append(100 * (session.peak[back].min() / table["reflux_peak_cm_s"][i] - 1))

    usable = sure & ((session.quality & ALIASED) == 0)
    middle = np.mean(session.time[[0, -1]])
    first, last = usable & (session.time < middle), usable & (session.time >= middle)
    true_columns = true_at(session.time)
    fast = usable & (true_columns > 0.5 * truth.peak.max())
    measured = np.isfinite(session.mean)
    true_mean = np.interp(session.time, truth.time, truth.mean)
    has_flow = np.isfinite(session.flow)
    true_flow = np.interp(session.flow_time, truth.flow_time, truth.flow)
    true_diameter = np.interp(session.vessel_time, truth.vessel_time, truth.diameter)
    return Comparison(
        contractions=judged,
        missed=missed,
        peak_percent=Spread.of(rows["peak"]),
        near_peak_percent=Spread.of(rows["near"]),
        peak_time_ms=Spread.of(rows["time"]),
        lag_start_ms=1000 * lag_s(session.time[first], session.peak[first], truth.time, truth.peak),
        lag_end_ms=1000 * lag_s(session.time[last], session.peak[last], truth.time, truth.peak),
        tamean_percent=100 * (session.mean[measured].mean() / truth.mean.mean() - 1),
        mean_percent=100 * (session.mean[measured].mean() / true_mean[measured].mean() - 1),
        flow_percent=100 * (session.flow[has_flow].mean() / true_flow[has_flow].mean() - 1) if has_flow.any() else np.nan,
        vti_percent=Spread.of(rows["vti"]),
        column_percent=Spread.of(100 * (session.peak[fast] / true_columns[fast] - 1)),
        reflux_duration_s=Spread.of(rows["reflux_s"]),
        reflux_peak_percent=Spread.of(rows["reflux_peak"]),
        reverse_after_s=float(np.mean(rows["reverse_s"])) if rows["reverse_s"] else np.nan,
        missing_share=float(np.isnan(session.peak).mean()),
        low_snr_share=float((session.quality & LOW_SNR).astype(bool).mean()),
        aliased_share=float((session.quality & ALIASED).astype(bool).mean()),
        covered_s=float(session.time[-1] - session.time[0]),
        duration_s=float(truth.time[-1] - truth.time[0]),
        diameter_percent=Spread.of(100 * (session.diameter / true_diameter - 1)),
        diameter_missing_share=float(np.isnan(session.diameter).mean()) if session.diameter.size else np.nan,
    )
