"""The frames of an archive, as GStreamer's own tools read them."""

import re
import subprocess

import numpy as np


def stamps_s(path):
    """Times of the encoded frames, s; those of a file that was cut off go as far as it can be read."""
    shown = subprocess.run(
        ["gst-launch-1.0", "-v", "filesrc", f"location={path}", "!", "matroskademux", "!", "identity", "silent=false",
         "!", "fakesink"], capture_output=True, text=True).stdout
    found = re.findall(r"identity0: last-message = chain .*?pts: (\d+):(\d+):([\d.]+)", shown)
    return np.array([int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in found])


def pictures(path, width, height):
    """All frames as grey pictures, [frame, row, column]."""
    grey = subprocess.run(
        ["gst-launch-1.0", "-q", "filesrc", f"location={path}", "!", "decodebin", "!", "videoconvert", "!",
         "video/x-raw,format=GRAY8", "!", "fdsink"], capture_output=True, check=True).stdout
    return np.frombuffer(grey, np.uint8).reshape(-1, height, width)
