#include "pipeline/vessel/lumen.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "pipeline/vessel/lumen_seed.h"
#include "pipeline/vessel/lumen_shape.h"

namespace soleus {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// Smaller than this picture there is no room for a vein and the tissue around it.
constexpr int kLeastSidePx = 32;

}  // namespace

VesselSample measureLumen(const cv::Mat& bmode, const BmodeCalibration& calibration, SessionTime time) {
  VesselSample sample{time, kUnknown, kUnknown, 0.0F};
  if (bmode.rows < kLeastSidePx || bmode.cols < kLeastSidePx) return sample;
  const auto seed = findLumenSeed(bmode, calibration);
  if (!seed) return sample;

  if (seed->touchesLeft && seed->touchesRight) {
    if (const auto band = fitLumenBand(bmode, *seed)) {
      sample.diameterMm = static_cast<float>(band->widthPx * calibration.mmPerPixel);
      sample.confidence = static_cast<float>(band->confidence);
    }
    return sample;
  }
  // Cut by one border it is neither a whole cross-section nor a length of vessel.
  if (seed->touchesLeft || seed->touchesRight) return sample;
  if (const auto ellipse = fitLumenEllipse(bmode, *seed)) {
    const double areaPx = std::numbers::pi * ellipse->semiAxisPx[0] * ellipse->semiAxisPx[1];
    const double areaMm2 = areaPx * calibration.mmPerPixel * calibration.mmPerPixel;
    sample.areaMm2 = static_cast<float>(areaMm2);
    sample.diameterMm = static_cast<float>(2.0 * std::sqrt(areaMm2 / std::numbers::pi));
    sample.confidence = static_cast<float>(ellipse->confidence);
  }
  return sample;
}

}  // namespace soleus
