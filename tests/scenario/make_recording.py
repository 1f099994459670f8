#!/usr/bin/python3
"""Fixture: simulates and measures one scenario into the folder of recordings, cut short as the tests need it."""

import sys

from recordings import make_recording, shorter_scenario
from soleus_program import RECORDINGS

# Scenario, seconds, contractions, video: enough for a start and an end of the recording, and for three contractions of
# each kind.
RECORDING_PLANS = {
    "quick": ("quick", 12, None, None),
    "calf_raises": ("calf_raises", 21, 3, None),
    "weak_pump_reflux": ("weak_pump_reflux", 26, 3, None),
    "rest_only": ("rest_only", 20, None, None),
    "aliasing": ("aliasing", 16, 2, None),
    "display_faults": ("display_faults", 24, None, None),
    # What the RTSP server shows, as network encoders send it: longer than any test records it.
    "network": ("quick", 20, None, "{codec: h264, crf: 20}"),
}

name = sys.argv[1]
RECORDINGS.mkdir(parents=True, exist_ok=True)
scenario, duration_s, contractions, video = RECORDING_PLANS[name]
plan = shorter_scenario(scenario, duration_s, contractions, RECORDINGS / f"{name}.yaml", video)
print("simulated in %.1f s, measured in %.1f s" % make_recording(plan, RECORDINGS, name))
