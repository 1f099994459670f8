"""Session files of subjects who were measured again and again: one measured session with other contractions."""

import shutil
import uuid

import h5py
import numpy as np

CONTRACTIONS = 6
# Mean over healthy legs, SD between subjects, between sessions of one, between contractions of a session.
PLAN = {
    "peak_velocity_cm_s": (60, 14, 4, 5),
    "mean_velocity_cm_s": (22, 5, 1.6, 2),
    "vti_cm": (26, 6, 2, 2.5),
    "augmentation_cm_s": (52, 13, 4, 5),
    "ejected_volume_ml": (6, 1.8, 0.6, 0.5),
    "excess_volume_ml": (5, 1.7, 0.6, 0.5),
    "reflux_duration_s": (0.4, 0.2, 0.06, 0.05),
    "reflux_volume_ml": (0.5, 0.25, 0.1, 0.05),
    "refill_time_s": (12, 3, 1.5, 1),
}


def write_session(template, path, subject, created_utc, columns, quality=None, limb="left", condition="seated heel raise"):
    """A copy of `template` with these attributes, and contractions (column -> values) 2 s apart."""
    shutil.copy(template, path)
    count = len(next(iter(columns.values())))
    onset_s = 2.0 * np.arange(count)
    with h5py.File(path, "r+") as file:
        file.attrs["session_id"] = str(uuid.uuid4())
        # Of a recording of its own.
        file.attrs["configuration"] = f"schema: soleus.analysis/1\ninput: {{bytes: 1, sha256: {uuid.uuid4().hex * 2}}}\n"
        for name, text in (("subject", subject), ("created_utc", created_utc), ("limb", limb), ("condition", condition)):
            file.attrs[name] = text
        del file["contractions"]
        table = file.create_group("contractions")
        table["contraction"] = np.arange(1, count + 1)
        for name, values in {"onset_s": onset_s, "flow_onset_s": onset_s, "end_s": onset_s + 0.5, **columns}.items():
            table[name] = np.asarray(values, float)
        table["quality"] = np.ones(count) if quality is None else np.asarray(quality, float)
    return path


def draw_columns(random, subject_deviates, count=CONTRACTIONS):
    """One session's contractions of a subject, whose standard normal deviates are given, one a measure."""
    columns = {}
    for deviate, (name, (mean, between, within, scatter)) in zip(subject_deviates, PLAN.items()):
        level = mean + between * deviate + within * random.normal()
        columns[name] = np.maximum(level + scatter * random.normal(size=count), 0)
    return columns
