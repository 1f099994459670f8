/// A velocity scale against a phantom of known speed: what was measured, and the correction that follows.
#pragma once

#include <span>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// A speed with its standard uncertainty, in cm/s; positive toward the heart.
struct Speed {
  double cmPerS = 0;
  double uncertaintyCmPerS = 0;
};

struct SpeedCheck {
  Speed known;
  Speed measured;                ///< mean over time; its uncertainty from how half seconds scatter
  double scatterCmPerS = 0;      ///< standard deviation of single columns
  double coveredS = 0;           ///< time with a velocity
  double factor = 1;             ///< known / measured: what true velocities are of those measured
  double factorUncertainty = 0;  ///< standard, by both speeds' and the method's own error

  /// Whether the factor differs from 1 by more than twice its uncertainty.
  [[nodiscard]] bool differs() const;
};

/// Compares `velocityCmPerS` (NaN where there is none) at `timeS`, ascending, `secondsPerColumn` apart where
/// nothing is missing, with the speed of a string, or of the fastest or mean flow of a flow phantom. `where`
/// names the recording in errors (kBadInput): less than 2 s of velocity or velocity in less than half of the
/// time, a speed that varies by more than 5 %, flow the other way, a factor beyond 0.5 to 2.
Result<SpeedCheck> checkSpeed(std::span<const double> timeS, std::span<const double> velocityCmPerS,
                              double secondsPerColumn, const Speed& known, const std::string& where);

}  // namespace soleus
