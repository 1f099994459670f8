#include "tools/report/setup_line.h"

#include <cmath>
#include <sstream>
#include <vector>

#include "calibration/profile/profile.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {

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
    part() << "Toward the heart: " << (d->towardHeart == Side::kUp ? "up" : "down") << " on the screen";
    part() << "angle " << d->angleDegrees << "° ("
           << (d->angleCorrected ? "scale already corrected" : "corrected here: the scale was not") << ")";
    part() << "scale " << std::lround(axis.front()) << " to " << std::lround(axis.back()) << " cm/s";
  }
  if (const auto& b = profile.bmode) part() << b->mmPerPixel << " mm per pixel";
  return line.str();
}

}  // namespace soleus
