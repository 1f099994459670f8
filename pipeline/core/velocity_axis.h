/// The spectrum's velocity axis: rows of the strip turned into ascending cm/s.
#pragma once

#include <vector>

#include "pipeline/core/calibration.h"

namespace soleus {

inline constexpr double kSoundCmPerS = 154000;  ///< in soft tissue, as every scanner takes it

/// Velocity in cm/s of the centre of row `row` of the region (0 = its top row), positive toward the heart.
/// A scale without angle correction is divided by cos(angle).
double velocityOfRow(const DopplerCalibration& calibration, double row);

/// Centres of all rows, ascending; length region.height. Index 0 is the most negative velocity.
std::vector<double> velocityAxisCmPerS(const DopplerCalibration& calibration);

/// cm/s from one row to the next on that axis, > 0, angle correction included.
double velocityStepCmPerS(const DopplerCalibration& calibration);

/// Row of the region that holds index `i` of the ascending axis.
int rowOfAxisIndex(const DopplerCalibration& calibration, int i);

}  // namespace soleus
