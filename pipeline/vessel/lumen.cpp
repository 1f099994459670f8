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

Lumen across(const std::optional<LumenEllipse>& ellipse) {
  if (!ellipse) return {};
  return {Lumen::Section::kAcross,
          ellipse->centre,
          {ellipse->semiAxisPx[0], ellipse->semiAxisPx[1]},
          ellipse->angleRad,
          ellipse->confidence};
}

Lumen along(const std::optional<LumenBand>& band) {
  if (!band) return {};
  return {Lumen::Section::kAlong, band->centre, {0, band->widthPx / 2.0}, band->angleRad, band->confidence};
}

}  // namespace

double Lumen::diameterPx() const {
  if (section == Section::kAcross) return 2.0 * std::sqrt(semiAxisPx[0] * semiAxisPx[1]);
  return 2.0 * semiAxisPx[1];
}

Lumen findLumen(const cv::Mat& bmode, const BmodeCalibration& calibration, std::optional<cv::Point2d> start) {
  CV_Assert(bmode.type() == CV_8UC1);
  if (bmode.empty()) return {};
  const cv::Mat unmarked = withoutMarks(bmode);
  const cv::Point2d middle(bmode.cols / 2.0, bmode.rows / 2.0);
  const auto seed = findLumenSeed(unmarked, calibration, start.value_or(middle));
  if (!seed) return {};

  const bool touches = seed->touchesLeft || seed->touchesRight;
  // Marks painted across a vessel may part it from one border.
  if (touches && seed->majorPx > kBandAspect * seed->minorPx)
    return along(fitLumenBand(bmode, unmarked, *seed, calibration.mmPerPixel));
  // Cut by a border it is neither a whole cross-section nor a length of vessel.
  if (touches) return {};
  return across(fitLumenEllipse(bmode, unmarked, *seed, calibration.mmPerPixel));
}

Lumen findLumenNear(const cv::Mat& bmode, const BmodeCalibration& calibration, const Lumen& before) {
  CV_Assert(bmode.type() == CV_8UC1 && before.seen());
  if (bmode.cols < 2 || bmode.rows < 2) return {};
  const cv::Mat unmarked = withoutMarks(bmode);
  LumenSeed seed;
  seed.centre = before.centre;
  seed.angleRad = before.angleRad;
  if (before.section == Lumen::Section::kAlong) {
    seed.minorPx = bandMinorPx(before.semiAxisPx[1]);
    return along(fitLumenBand(bmode, unmarked, seed, calibration.mmPerPixel));
  }
  seed.majorPx = before.semiAxisPx[0];
  seed.minorPx = before.semiAxisPx[1];
  return across(fitLumenEllipse(bmode, unmarked, seed, calibration.mmPerPixel));
}

double beamAngleDegrees(double angleRad) {
  return 90.0 - std::abs(angleRad) * 180.0 / std::numbers::pi;
}

VesselSample sampleOf(const Lumen& lumen, const BmodeCalibration& calibration, SessionTime time) {
  VesselSample sample{time, kUnknown, kUnknown, 0.0F, kUnknown};
  if (!lumen.seen()) return sample;
  sample.diameterMm = static_cast<float>(lumen.diameterPx() * calibration.mmPerPixel);
  sample.confidence = static_cast<float>(lumen.confidence);
  if (lumen.section == Lumen::Section::kAcross) {
    const double areaPx = std::numbers::pi * lumen.semiAxisPx[0] * lumen.semiAxisPx[1];
    sample.areaMm2 = static_cast<float>(areaPx * calibration.mmPerPixel * calibration.mmPerPixel);
  }
  if (lumen.section == Lumen::Section::kAlong)
    sample.angleDegrees = static_cast<float>(beamAngleDegrees(lumen.angleRad));
  return sample;
}

VesselSample measureLumen(const cv::Mat& bmode, const BmodeCalibration& calibration, SessionTime time) {
  return sampleOf(findLumen(bmode, calibration), calibration, time);
}

}  // namespace soleus
