#include "pipeline/core/velocity_axis.h"

#include <cmath>
#include <numbers>

namespace soleus {

double velocityStepCmPerS(const DopplerCalibration& calibration) {
  if (calibration.angleCorrected) return calibration.cmPerSPerPixel;
  return calibration.cmPerSPerPixel / std::cos(calibration.angleDegrees * std::numbers::pi / 180.0);
}

double velocityOfRow(const DopplerCalibration& calibration, double row) {
  // The centre of a row is at +0.5: the contract's picture coordinates are continuous.
  const double above = calibration.baselineRow - (calibration.region.y + row + 0.5);
  const double sign = calibration.towardHeart == Side::kUp ? 1.0 : -1.0;
  return sign * above * velocityStepCmPerS(calibration);
}

int rowOfAxisIndex(const DopplerCalibration& calibration, int i) {
  return calibration.towardHeart == Side::kUp ? calibration.region.height - 1 - i : i;
}

std::vector<double> velocityAxisCmPerS(const DopplerCalibration& calibration) {
  std::vector<double> axis(static_cast<std::size_t>(calibration.region.height));
  for (int i = 0; i < calibration.region.height; ++i) {
    axis[static_cast<std::size_t>(i)] = velocityOfRow(calibration, rowOfAxisIndex(calibration, i));
  }
  return axis;
}

}  // namespace soleus
