#include "tests/calibration/screen_score.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace soleus {
namespace {

double overlapOf(const Region& a, const Region& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  const double common = std::max(0.0, width) * std::max(0.0, height);
  return common / (1.0 * a.width * a.height + 1.0 * b.width * b.height - common);
}

}  // namespace

bool ScreenScore::wrong(const ScreenLimits& limits) const {
  return std::abs(velocityShare) > limits.velocityShare || std::abs(baselinePx) > limits.baselinePx ||
         std::abs(timeShare) > limits.timeShare || !sameDisplay || !wrongSettings.empty();
}

bool ScreenScore::within(const ScreenLimits& limits) const {
  return !wrong(limits) && overlap >= limits.overlap;
}

ScreenScore scoreScreen(const CalibrationProfile& read, const CalibrationProfile& truth,
                        bool settingsPrinted) {
  const DopplerCalibration& r = *read.doppler;
  const DopplerCalibration& t = *truth.doppler;
  ScreenScore score;
  score.velocityShare = r.cmPerSPerPixel / t.cmPerSPerPixel - 1;
  score.baselinePx = r.baselineRow - t.baselineRow;
  score.timeShare = r.secondsPerPixel / t.secondsPerPixel - 1;
  score.overlap = overlapOf(r.region, t.region);
  score.sameDisplay = r.display == t.display;
  if (read.bmode && truth.bmode) {
    score.bmodeOverlap = overlapOf(read.bmode->region, truth.bmode->region);
    score.depthShare = read.bmode->mmPerPixel / truth.bmode->mmPerPixel - 1;
  }
  // Within half of the last digit that is printed.
  const auto compare = [&](const char* name, std::optional<double> a, std::optional<double> b, double half) {
    if (a && b && std::abs(*a - *b) > 1.001 * half) score.wrongSettings += std::string(" ") + name;
    if (!a && b && settingsPrinted) score.unreadSettings += std::string(" ") + name;
  };
  compare("angle", r.angleDegrees, t.angleDegrees, 0.5);
  compare("prf", r.prfHz, t.prfHz, 50);
  compare("frequency", r.transmitFrequencyHz, t.transmitFrequencyHz, 5e4);
  compare("wall-filter", r.wallFilterHz, t.wallFilterHz, 0.5);
  compare("dynamic-range", r.dynamicRangeDb, t.dynamicRangeDb, 0.5);
  return score;
}

}  // namespace soleus
