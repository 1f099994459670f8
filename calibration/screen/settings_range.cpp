#include "calibration/screen/settings_range.h"

#include <cmath>

#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

constexpr double kLeastRangeShare = 0.75;
constexpr double kMostRangeShare = 1.15;
// Where one of three settings may be unknown or misread.
constexpr double kLeastUnitShare = 0.3;
constexpr double kMostUnitShare = 2;
// Where they alone tell the unit: an axis of all rows and settings of two digits.
constexpr double kSameRangeShare = 0.06;

}  // namespace

std::optional<double> beamNyquistCmPerS(const DopplerCalibration& d) {
  if (!d.prfHz || !d.transmitFrequencyHz) return std::nullopt;
  return kSoundCmPerS * *d.prfHz / (4 * *d.transmitFrequencyHz);
}

std::optional<double> rangeOfSettings(const DopplerCalibration& d) {
  const auto nyquist = beamNyquistCmPerS(d);
  if (!nyquist || d.angleDegrees < 0) return std::nullopt;
  return 2 * *nyquist / (d.angleCorrected ? std::cos(d.angleDegrees * M_PI / 180) : 1);
}

bool mayShow(double range, double given) {
  return range >= kLeastRangeShare * given && range <= kMostRangeShare * given;
}

std::optional<double> cmPerSOfUnit(const PrintedSettings& printed, const DopplerCalibration& d,
                                   double unitsPerPixel) {
  const auto nyquist = beamNyquistCmPerS(d);
  const double cosAngle = d.angleDegrees >= 0 ? std::cos(d.angleDegrees * M_PI / 180) : 1;
  const double range = unitsPerPixel * d.region.height;
  const bool unitRead = printed.centimetresPerSecond || printed.metresPerSecond;
  // Of the letters of cm/s the first is soon lost or made up.
  for (const double factor : {1.0, 100.0}) {
    const double share = nyquist ? factor * range * cosAngle / (2 * *nyquist) : 0;
    if (share > kLeastUnitShare && share < kMostUnitShare && (factor == 1 || unitRead)) return factor;
  }
  if (printed.centimetresPerSecond != printed.metresPerSecond) return printed.metresPerSecond ? 100.0 : 1.0;
  // m/s, where it cannot be kHz and none of the settings may be misread: one figure of the PRF would do for
  // both.
  const bool inOneWay = printed.inOneWay(Setting::kAngle) && printed.inOneWay(Setting::kPrf) &&
                        printed.inOneWay(Setting::kTransmitFrequency);
  const auto rangeCmPerS = rangeOfSettings(d);
  if (!unitRead && inOneWay && rangeCmPerS && std::abs(100 * range / *rangeCmPerS - 1) <= kSameRangeShare &&
      !mayShow(1000 * range, *d.prfHz))
    return 100.0;
  return std::nullopt;
}

}  // namespace soleus
