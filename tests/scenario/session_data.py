"""A session file or a phantom's truth as numpy arrays, read with h5py alone."""

import dataclasses

import h5py
import numpy as np

ALIASED, LOW_SNR = 1, 2  # bits of /doppler/quality, in the contract's order


@dataclasses.dataclass
class Session:
    """Velocities in cm/s, times in s, diameters in mm; NaN where nothing was measured."""

    status: str
    calibration: str  # YAML
    time: np.ndarray  # [T]
    peak: np.ndarray
    forward: np.ndarray
    reverse: np.ndarray
    mean: np.ndarray
    quality: np.ndarray  # CF flags
    velocity: np.ndarray  # [V] axis of the spectrum
    vessel_time: np.ndarray  # [D]
    diameter: np.ndarray
    flow_time: np.ndarray  # [Q]
    flow: np.ndarray  # mL/min
    events: list  # labels
    contractions: dict  # column name -> [N]
    video_time: np.ndarray  # [F] session time of each video frame


def load_session(path):
    with h5py.File(path, "r") as file:

        def values(name):
            return file[name][:].astype(float) if name in file else np.array([])

        table = file.get("contractions", {})
        return Session(
            status=file.attrs["status"],
            calibration=file.attrs["calibration"],
            time=values("doppler/time"),
            peak=values("doppler/peak_velocity"),
            forward=values("doppler/peak_velocity_forward"),
            reverse=values("doppler/peak_velocity_reverse"),
            mean=values("doppler/mean_velocity"),
            quality=file["doppler/quality"][:].astype(int),
            velocity=values("doppler/velocity"),
            vessel_time=values("vessel/time"),
            diameter=values("vessel/diameter"),
            flow_time=values("flow/time"),
            flow=values("flow/volume_flow"),
            events=[b"".join(label).decode() for label in file["events/label"][:]] if "events" in file else [],
            contractions={name: table[name][:].astype(float) for name in table},
            video_time=values("streams/video/session_time_ns") * 1e-9,
        )
