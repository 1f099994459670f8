"""What a session still holds: read as anyone would read it, with h5py."""

import h5py
import numpy as np

STREAMS = ("video", "measurement", "archive", "board", "interface")
SIGNALS = {"board": ("emg", "force"), "interface": ("doppler_sound", "ecg")}


def newest(path, swmr=False):
    """Of each stream the arrival of its newest sample, in seconds of the monotonic clock. A row that not all columns have, as
    a kill in the middle of writing leaves it, is none."""
    with h5py.File(path, "r", libver="latest", swmr=swmr) as file:
        arrivals = {}
        for name in STREAMS:
            columns = [column for column in file[f"streams/{name}"].values() if isinstance(column, h5py.Dataset)]
            columns += [column for signal in SIGNALS.get(name, ()) for column in file[f"signals/{signal}"].values()]
            rows = min(len(column) for column in columns)
            arrivals[name] = file[f"streams/{name}/arrival_time_ns"][rows - 1] * 1e-9 if rows else None
        return arrivals


def faults_within(path):
    """What is missing between the first and the last sample of a stream and not among its gaps."""
    faults = []
    with h5py.File(path, "r") as file:
        for name in STREAMS:
            stream = file[f"streams/{name}"]
            sequence = stream["sequence"][:]
            missing = sequence[-1] - sequence[0] + 1 - len(sequence) if len(sequence) else 0
            within = stream["gaps/start_s"][:] >= stream["session_time_ns"][0] * 1e-9 if len(sequence) else []
            listed = stream["gaps/count"][:][within].sum() if len(sequence) else 0
            if missing > listed:
                faults.append(f"{name}: {missing} missing, {listed} among the gaps")
            for signal in SIGNALS.get(name, ()):
                value = file[f"signals/{signal}/value"]
                if len(value) != len(sequence) or not np.isfinite(value[:]).all():
                    faults.append(f"{signal}: {len(value)} values for {len(sequence)} samples")
        times = file["doppler/time"][:]
        if not (np.diff(times) > 0).all():
            faults.append("spectral columns out of order")
        # Each table may have got a little further than the last flush.
        measured = file["streams/measurement/session_time_ns"][:] * 1e-9
        # The first columns come when the display's kind is known.
        began = len(measured) and measured[-1] > 3
        apart = times[-1] - measured[-1] if began and len(times) else 0
        if abs(apart) > 1.5 or (began and not len(times)):
            faults.append(f"columns end {apart:.2f} s apart from the measured frames")
    return faults
