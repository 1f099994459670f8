#include "pipeline/vessel/lumen.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "pipeline/vessel/lumen_seed.h"
#include "pipeline/vessel/lumen_shape.h"

namespace soleus {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// A region that reaches a lateral border and is three times as long as wide is a vessel along the picture.
constexpr double kBandAspect = 3.0;

/// Gates, beams and calipers are painted a pixel or two wide: an opening by 3 x 3 pixels takes them away, and
/// with them the finest echoes.
cv::Mat withoutMarks(const cv::Mat& bmode) {
  cv::Mat opened;
  cv::morphologyEx(bmode, opened, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  return opened;
}

}  // namespace

VesselSample measureLumen(const cv::Mat& bmode, const BmodeCalibration& calibration, SessionTime time) {
  VesselSample sample{time, kUnknown, kUnknown, 0.0F};
  CV_Assert(bmode.type() == CV_8UC1);
  if (bmode.empty()) return sample;
  const cv::Mat unmarked = withoutMarks(bmode);
  const auto seed = findLumenSeed(unmarked, calibration);
  if (!seed) return sample;

  const bool touches = seed->touchesLeft || seed->touchesRight;
  // Marks painted across a vessel may part it from one border.
  if (touches && seed->majorPx > kBandAspect * seed->minorPx) {
    if (const auto band = fitLumenBand(bmode, unmarked, *seed, calibration.mmPerPixel)) {
      sample.diameterMm = static_cast<float>(band->widthPx * calibration.mmPerPixel);
      sample.confidence = static_cast<float>(band->confidence);
    }
    return sample;
  }
  // Cut by a border it is neither a whole cross-section nor a length of vessel.
  if (touches) return sample;
  if (const auto ellipse = fitLumenEllipse(bmode, unmarked, *seed, calibration.mmPerPixel)) {
    const double areaPx = std::numbers::pi * ellipse->semiAxisPx[0] * ellipse->semiAxisPx[1];
    const double areaMm2 = areaPx * calibration.mmPerPixel * calibration.mmPerPixel;
    sample.areaMm2 = static_cast<float>(areaMm2);
    sample.diameterMm = static_cast<float>(2.0 * std::sqrt(areaMm2 / std::numbers::pi));
    sample.confidence = static_cast<float>(ellipse->confidence);
  }
  return sample;
}

}  // namespace soleus
