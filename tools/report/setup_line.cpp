#include "tools/report/setup_line.h"

#include <cmath>
#include <iomanip>
#include <sstream>
#include <vector>

#include "calibration/profile/profile.h"
#include "pipeline/core/beam_angle.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {

namespace {

/// A session measured from sound carries, as its doppler section, the strip that the spectrum stands for: it
/// fills a screen that nobody has seen (pipeline/doppler/signal_strip.h).
bool isSound(const CalibrationProfile& profile) {
  return profile.audio && profile.doppler->region.width == profile.screenWidth;
}

std::string towardHeart(const CalibrationProfile& profile) {
  if (!isSound(profile))
    return std::string("Toward the heart: ") + (profile.doppler->towardHeart == Side::kUp ? "up" : "down") +
           " on the screen";
  if (profile.audio->channels == AudioCalibration::Channels::kMono)
    return "One channel of sound: direction not known, all velocities counted as toward the heart";
  return std::string("Toward the heart: the ") +
         (profile.audio->towardHeartIsForward ? "forward" : "reverse") + " direction of the sound";
}

}  // namespace

std::string setupLine(const std::string& calibrationYaml) {
  const auto parsed = parseProfile(calibrationYaml, "calibration");
  if (!parsed.ok()) return "";
  const CalibrationProfile& profile = parsed.value();
  std::ostringstream line;
  const char* separator = "";
  const auto part = [&]() -> std::ostringstream& {
    line << separator;
    separator = " · ";
    return line;
  };
  if (const auto& d = profile.doppler) {
    const auto axis = velocityAxisCmPerS(*d);
    part() << towardHeart(profile);
    const AngleFactors factors = angleFactors(*d);
    part() << "angle " << d->angleDegrees << "° ("
           << (d->angleCorrected ? "scale already corrected" : "corrected here: the scale was not")
           << "); if it is off by " << d->angleUncertaintyDegrees << "°, true velocities are " << std::fixed
           << std::setprecision(2) << factors.low << " to " << factors.high << " times those given"
           << std::defaultfloat << std::setprecision(6);
    part() << "scale " << std::lround(axis.front()) << " to " << std::lround(axis.back()) << " cm/s";
    if (!isSound(profile)) {
      part() << "dynamic range " << d->dynamicRangeOrAssumedDb() << " dB"
             << (d->dynamicRangeEstimated ? " (estimated from the noise)"
                 : d->dynamicRangeDb      ? ""
                                          : " (assumed)");
    }
  }
  if (const auto& b = profile.bmode) part() << b->mmPerPixel << " mm per pixel";
  return line.str();
}

}  // namespace soleus
