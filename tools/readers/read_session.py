#!/usr/bin/env python3
"""Reads a Soleus session with xarray, prints its contractions and plots its velocities.

    tools/readers/read_session.py first.h5 first.png      # Debian: python3-xarray python3-h5netcdf python3-matplotlib
"""

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import xarray


def main(session, picture):
    doppler = xarray.open_dataset(session, group="doppler", engine="h5netcdf")
    contractions = xarray.open_dataset(session, group="contractions", engine="h5netcdf")

    print("contraction,onset_s,peak_velocity_cm_s,peak_velocity_uncertainty_cm_s")
    for n in range(contractions.sizes["contraction"]):
        row = contractions.isel(contraction=n)
        print(f"{int(row.contraction)},{float(row.onset_s):.3f},{float(row.peak_velocity_cm_s):.2f},"
              f"{float(row.peak_velocity_uncertainty_cm_s):.2f}")

    figure, axes = plt.subplots(figsize=(10, 4))
    axes.plot(doppler.time, doppler.peak_velocity, color="#0072b2", label="peak velocity")
    axes.plot(doppler.time, doppler.mean_velocity, color="#e69f00", label="mean velocity")
    for n in range(contractions.sizes["contraction"]):
        row = contractions.isel(contraction=n)
        # Below 0.5 a contraction is doubtful.
        axes.axvspan(float(row.onset_s), float(row.end_s), color="0.5", alpha=0.4 if row.quality >= 0.5 else 0.1)
    axes.axhline(0, color="black", linewidth=0.5)
    axes.set_xlabel("time on the session clock (s)")
    axes.set_ylabel("velocity (cm/s), + toward the heart")
    axes.legend(loc="upper right")
    figure.savefig(picture, dpi=100, bbox_inches="tight")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: read_session.py SESSION.h5 PICTURE.png")
    main(*sys.argv[1:])
