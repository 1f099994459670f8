#include "calibration/screen/setting_notes.h"

#include <cmath>

#include "calibration/screen/settings_range.h"
#include "calibration/screen/short_number.h"

namespace soleus {
namespace {

// What is printed is rounded; an axis may run on beyond the strip.
constexpr double kSameSetting = 0.01;
constexpr double kSameRange = 0.05;

}  // namespace

std::vector<std::string> unsureSettings(const PrintedSettings& printed, const SuppliedValues& supplied) {
  std::vector<std::string> sentences;
  const auto add = [&](const char* name, Setting which, const std::optional<double>& byScreen,
                       const std::optional<double>& byPerson, const std::string& option) {
    const auto confidence = printed.confidence.find(which);
    if (byScreen || byPerson || confidence == printed.confidence.end()) return;
    sentences.push_back(std::string("the printed ") + name + " is read with a confidence of " +
                        shortNumber(confidence->second) + " only and not taken; " + option);
  };
  add("PRF", Setting::kPrf, printed.prfHz, supplied.prfHz, "'--prf HZ' supplies it");
  add("frequency", Setting::kTransmitFrequency, printed.transmitFrequencyHz, supplied.transmitFrequencyHz,
      "'--transmit-frequency HZ' supplies it");
  add("wall filter", Setting::kWallFilter, printed.wallFilterHz, supplied.wallFilterHz,
      "'--wall-filter HZ' supplies it");
  add("dynamic range", Setting::kDynamicRange, printed.dynamicRangeDb, supplied.dynamicRangeDb,
      "'--dynamic-range DB' supplies it");
  return sentences;
}

std::vector<std::string> overruledValues(const ScreenFindings& found, const SuppliedValues& supplied,
                                         const DopplerCalibration& doppler) {
  std::vector<std::string> sentences;
  const auto add = [&](const std::string& name, const std::optional<double>& byScreen,
                       const std::optional<double>& byPerson, const char* unit, double same) {
    if (!byScreen || !byPerson || std::abs(*byPerson - *byScreen) <= same * std::abs(*byScreen)) return;
    sentences.push_back("the screen says " + name + " " + shortNumber(*byScreen) + unit + "; " +
                        shortNumber(*byPerson) + ", as said, is taken");
  };
  const PrintedSettings& printed = found.printed;
  add("angle", printed.angleDegrees, supplied.angleDegrees, " degrees", kSameSetting);
  add("PRF", printed.prfHz, supplied.prfHz, " Hz", kSameSetting);
  add("frequency", printed.transmitFrequencyHz, supplied.transmitFrequencyHz, " Hz", kSameSetting);
  add("wall filter", printed.wallFilterHz, supplied.wallFilterHz, " Hz", kSameSetting);
  add("dynamic range", printed.dynamicRangeDb, supplied.dynamicRangeDb, " dB", kSameSetting);
  if (found.velocity && supplied.velocityRangeCmPerS) {
    const double perPixel = found.velocity->line.unitsPerPixel;
    if (const auto unit = cmPerSOfUnit(printed, doppler, perPixel))
      add("by its numbers a velocity range of", *unit * perPixel * doppler.region.height,
          supplied.velocityRangeCmPerS, " cm/s", kSameRange);
  }
  return sentences;
}

}  // namespace soleus
