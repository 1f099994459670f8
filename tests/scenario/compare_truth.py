#!/usr/bin/python3
"""Compares a measured session with the phantom's truth and prints a table.

  soleus simulate calf.mkv
  soleus analyse calf.mkv --calibration calf.calibration.yaml -o calf.h5
  tests/scenario/compare_truth.py calf.h5 calf.truth.h5
"""

import sys

import numpy as np

from session_data import load_session
from truth_comparison import Spread, compare


def text(value, decimals):
    if isinstance(value, Spread):
        if np.isnan(value.mean):
            return "-"
        return f"{value.mean:+.{decimals}f} ± {value.sd:.{decimals}f} ({value.worst:+.{decimals}f})"
    return "-" if np.isnan(value) else f"{value:+.{decimals}f}"


def rows_of(c):
    """Label and value of each line; spreads as mean ± SD (worst)."""
    return [
        ("contractions judged / missed", f"{c.contractions} / {c.missed}"),
        ("peak velocity of a contraction, %", text(c.peak_percent, 1)),
        ("velocity around the true peak, %", text(c.near_peak_percent, 1)),
        ("columns above half the largest, %", text(c.column_percent, 1)),
        ("time of the peak, ms", text(c.peak_time_ms, 0)),
        ("time axis at the start / end, ms", f"{text(c.lag_start_ms, 1)} / {text(c.lag_end_ms, 1)}"),
        ("TAMEAN as read, %", text(c.tamean_percent, 1)),
        ("mean velocity, same columns, %", text(c.mean_percent, 1)),
        ("mean volume flow, same columns, %", text(c.flow_percent, 1)),
        ("VTI of a contraction, %", text(c.vti_percent, 1)),
        ("reflux duration, s", text(c.reflux_duration_s, 2)),
        ("reflux peak, %", text(c.reflux_peak_percent, 1)),
        ("reverse flow after an ejection, s", text(c.reverse_after_s, 2)),
        ("vein diameter, %", text(c.diameter_percent, 1)),
        ("diameter missing, % of frames", text(100 * c.diameter_missing_share, 1)),
        ("columns missing, %", f"{100 * c.missing_share:.1f}"),
        ("columns of low SNR / aliased, %", f"{100 * c.low_snr_share:.1f} / {100 * c.aliased_share:.1f}"),
        ("covered, s", f"{c.covered_s:.2f} of {c.duration_s:.2f}"),
    ]


def print_table(named):
    """One column a recording; `named`: list of (name, Comparison)."""
    columns = [rows_of(comparison) for _, comparison in named]
    labels = [label for label, _ in columns[0]]
    cells = [[name for name, _ in named]] + [[column[i][1] for column in columns] for i in range(len(labels))]
    widths = [max(len(line[i]) for line in cells) for i in range(len(named))]
    first = max(map(len, labels))
    for label, line in zip(["error: mean ± SD (worst)"] + labels, cells):
        print(label.ljust(first), *(cell.rjust(width) for cell, width in zip(line, widths)), sep="  ")


def main():
    if len(sys.argv) != 3:
        print("usage: compare_truth.py SESSION.h5 TRUTH.h5", file=sys.stderr)
        return 2
    print_table([(sys.argv[1], compare(load_session(sys.argv[1]), load_session(sys.argv[2])))])
    return 0


if __name__ == "__main__":
    sys.exit(main())
