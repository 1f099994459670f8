"""Recordings of the phantom: simulated and measured, from a scenario or a shorter copy of it."""

import re
import subprocess

from soleus_program import SCENARIOS, environment, run


def shorter_scenario(name, duration_s, contractions, target, video=None):
    """Writes a copy of a scenario that lasts `duration_s` and has that many contractions, with another `video` (None:
    as it stands)."""
    text = (SCENARIOS / f"{name}.yaml").read_text()
    text, found = re.subn(r"(?m)^duration_s: .*$", f"duration_s: {duration_s}", text)
    assert found == 1, name
    if contractions is not None:
        text, found = re.subn(r"(?m)^  count: .*$", f"  count: {contractions}", text)
        assert found == 1, name
    if video is not None:
        text, found = re.subn(r"(?m)^video: .*$", f"video: {video}", text)
        assert found == 1, name
    target.write_text(text)
    return target


def make_recording(scenario, folder, name):
    """NAME.mkv, NAME.calibration.yaml, NAME.truth.h5 and the measured NAME.h5 in `folder`; seconds each step took."""
    video = folder / f"{name}.mkv"
    drawn = run("simulate", video, "--scenario", scenario, "--force", timeout_s=600)
    assert drawn.code == 0, drawn.err
    calibration = folder / f"{name}.calibration.yaml"
    session = folder / f"{name}.h5"
    measured = run("analyse", video, "--calibration", calibration, "-o", session, "--force", timeout_s=600)
    assert measured.code == 0, measured.err
    return drawn.seconds, measured.seconds


def recode(video, elements, target):
    """The picture of `video` passed through these GStreamer elements, written to `target`."""
    pipeline = f"filesrc location={video} ! decodebin ! {elements} ! matroskamux ! filesink location={target}"
    command = ["gst-launch-1.0", "-q", *pipeline.split()]
    # gst-launch-1.0 was seen to wait for ever; why is not known. It is only the tool that makes the recording.
    for timeout_s in (60, 120):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, env=environment())
            break
        except subprocess.TimeoutExpired:
            if timeout_s == 120:
                raise
    assert done.returncode == 0 and not done.stderr, done.stderr
    return target
