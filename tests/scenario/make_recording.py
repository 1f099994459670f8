#!/usr/bin/python3
"""Fixture: simulates and measures one scenario into the folder of recordings, cut short as the tests need it."""

import sys

from recordings import make_recording, shorter_scenario
from soleus_program import RECORDINGS

# Seconds and contractions: enough for a start and an end of the recording, and for three contractions of each kind.
LENGTHS = {
    "quick": (12, None),
    "calf_raises": (21, 3),
    "weak_pump_reflux": (26, 3),
    "rest_only": (20, None),
    "aliasing": (16, 2),
    # What the RTSP server shows: longer than any test records it.
    "network": (16, 2),
}
# H.264, as network encoders send it, without anything hard to measure.
SOURCES = {"network": "calf_raises"}

name = sys.argv[1]
RECORDINGS.mkdir(parents=True, exist_ok=True)
duration_s, contractions = LENGTHS[name]
scenario = shorter_scenario(SOURCES.get(name, name), duration_s, contractions, RECORDINGS / f"{name}.yaml")
print("simulated in %.1f s, measured in %.1f s" % make_recording(scenario, RECORDINGS, name))
