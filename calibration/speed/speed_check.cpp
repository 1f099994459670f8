#include "calibration/speed/speed_check.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

namespace soleus {
namespace {

constexpr double kLeastS = 2;
constexpr double kLeastShare = 0.5;
// A string runs evenly and a pump's rollers show within a second: means over half of one are steady to 1 or 2
// %.
constexpr double kMostUneven = 0.05;
// Long against the 50 ms over which the estimators average: means over so much are independent.
constexpr double kBlockS = 0.5;
// What the estimators themselves are off, slow flow included (tests/accuracy): no scale is blamed for that.
constexpr double kMethod = 0.02;
// Beyond, the two speeds have nothing to do with each other.
constexpr double kMostFactor = 2;

std::string cmPerS(double value) {
  std::ostringstream text;
  text.precision(3);
  text << value << " cm/s";
  return text.str();
}

struct Moments {
  double mean = 0;
  double sd = 0;
};

Moments momentsOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, values.size() > 1 ? std::sqrt(squares / static_cast<double>(values.size() - 1)) : 0.0};
}

}  // namespace

bool SpeedCheck::differs() const {
  return std::abs(factor - 1) > 2 * factorUncertainty;
}

Result<SpeedCheck> checkSpeed(std::span<const double> timeS, std::span<const double> velocityCmPerS,
                              double secondsPerColumn, const Speed& known, const std::string& where) {
  std::vector<double> valid;
  std::vector<double> blocks;  // means of those at least half full
  double blockEnd = 0;
  double sum = 0;
  int count = 0;
  const auto close = [&] {
    if (count * secondsPerColumn >= kBlockS / 2) blocks.push_back(sum / count);
    sum = 0;
    count = 0;
  };
  for (std::size_t i = 0; i < timeS.size(); ++i) {
    if (i == 0 || timeS[i] >= blockEnd) {
      close();
      blockEnd = timeS[i] + kBlockS;
    }
    if (!std::isfinite(velocityCmPerS[i])) continue;
    valid.push_back(velocityCmPerS[i]);
    sum += velocityCmPerS[i];
    ++count;
  }
  close();
  SpeedCheck check;
  check.known = known;
  check.coveredS = static_cast<double>(valid.size()) * secondsPerColumn;
  const auto refuse = [&](const std::string& what, const std::string& found, const std::string& expected) {
    return Error{ErrorKind::kBadInput, where, what, found, expected};
  };
  if (check.coveredS < kLeastS ||
      static_cast<double>(valid.size()) < kLeastShare * static_cast<double>(timeS.size()) ||
      blocks.size() < 3) {
    std::ostringstream found;
    found.precision(2);
    found << "a velocity for " << check.coveredS << " s of "
          << static_cast<double>(timeS.size()) * secondsPerColumn << " s";
    return refuse("shows too little of a steady speed", found.str(), "at least 2 s and half of the time");
  }
  const Moments columns = momentsOf(valid);
  const Moments halfSeconds = momentsOf(blocks);
  check.scatterCmPerS = columns.sd;
  check.measured = {halfSeconds.mean, halfSeconds.sd / std::sqrt(static_cast<double>(blocks.size()))};
  if (check.measured.cmPerS * known.cmPerS <= 0)
    return refuse("the speed is against the profile's direction", cmPerS(check.measured.cmPerS),
                  cmPerS(known.cmPerS) + ", or the other 'toward_heart'");
  if (halfSeconds.sd > kMostUneven * std::abs(halfSeconds.mean))
    return refuse("the speed is not steady",
                  cmPerS(*std::min_element(blocks.begin(), blocks.end())) + " to " +
                      cmPerS(*std::max_element(blocks.begin(), blocks.end())) + " over half a second",
                  "the same within 5 %");
  check.factor = known.cmPerS / check.measured.cmPerS;
  if (check.factor > kMostFactor || check.factor < 1 / kMostFactor)
    return refuse("the speed is another one", cmPerS(check.measured.cmPerS),
                  cmPerS(known.cmPerS) + ", or the recording of that speed");
  check.factorUncertainty =
      std::abs(check.factor) * std::hypot(known.uncertaintyCmPerS / known.cmPerS,
                                          check.measured.uncertaintyCmPerS / check.measured.cmPerS, kMethod);
  return check;
}

}  // namespace soleus
