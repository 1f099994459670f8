#!/usr/bin/env Rscript
# Reads a Soleus session, prints its contractions and plots its velocities.
#
#     Rscript tools/readers/read_session.R first.h5 first.png     # Debian: r-cran-ncdf4
library(ncdf4)

files <- commandArgs(trailingOnly = TRUE)
if (length(files) != 2) stop("usage: Rscript read_session.R SESSION.h5 PICTURE.png")
session <- nc_open(files[1])
read <- function(name) as.vector(ncvar_get(session, name))

contractions <- data.frame(
  contraction = read("contractions/contraction"),
  onset_s = read("contractions/onset_s"),
  end_s = read("contractions/end_s"),
  quality = read("contractions/quality"),
  peak_velocity_cm_s = read("contractions/peak_velocity_cm_s"),
  peak_velocity_uncertainty_cm_s = read("contractions/peak_velocity_uncertainty_cm_s"))

cat("contraction,onset_s,peak_velocity_cm_s,peak_velocity_uncertainty_cm_s\n")
with(contractions, cat(sprintf("%d,%.3f,%.2f,%.2f\n", as.integer(contraction), onset_s, peak_velocity_cm_s,
                               peak_velocity_uncertainty_cm_s), sep = ""))

png(files[2], width = 1000, height = 400)
time <- read("doppler/time")
peak <- read("doppler/peak_velocity")
plot(time, peak, type = "l", col = "#0072b2", xlab = "time on the session clock (s)",
     ylab = "velocity (cm/s), + toward the heart")
lines(time, read("doppler/mean_velocity"), col = "#e69f00")
# Below 0.5 a contraction is doubtful: dashed.
with(contractions, segments(onset_s, -2, end_s, -2, lwd = 4, lty = ifelse(quality >= 0.5, 1, 2)))
abline(h = 0, lwd = 0.5)
legend("topright", c("peak velocity", "mean velocity"), col = c("#0072b2", "#e69f00"), lty = 1)
invisible(dev.off())
nc_close(session)
