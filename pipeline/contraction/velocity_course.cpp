#include "pipeline/contraction/velocity_course.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pipeline/core/measurement.h"

namespace soleus {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Of the usual step between columns, beyond which nothing is known of what lies between two.
constexpr double kGapSteps = 3;

/// Running median over kSmoothS about each time; NaN where less than half of it is known.
std::vector<double> smoothed(const std::vector<double>& timeS, const std::vector<double>& values) {
  std::vector<double> result(values.size(), kNaN);
  std::vector<double> window;
  std::size_t first = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    while (timeS[i] - timeS[first] > VelocityCourse::kSmoothS / 2) ++first;
    while (end < values.size() && timeS[end] - timeS[i] <= VelocityCourse::kSmoothS / 2) ++end;
    window.clear();
    for (std::size_t k = first; k < end; ++k) {
      if (!std::isnan(values[k])) window.push_back(values[k]);
    }
    if (2 * window.size() > end - first) result[i] = middleOf(window);
  }
  return result;
}

}  // namespace

double middleOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double usualStepS(const std::vector<double>& timeS) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < timeS.size(); ++i) steps.push_back(timeS[i] - timeS[i - 1]);
  return steps.empty() ? 0 : middleOf(steps);
}

VelocityCourse::VelocityCourse(const VelocityTrace& trace, double hiddenCmPerS)
    : hiddenCmPerS_(hiddenCmPerS),
      longestStepS_(kGapSteps * usualStepS(trace.timeS)),
      timeS_(trace.timeS),
      peak_(trace.peakCmPerS),
      mean_(trace.meanCmPerS) {
  for (const double flow : trace.flowMlPerMin) flow_.push_back(flow / 60);
  for (std::size_t i = 0; i < size(); ++i) {
    const int quality = trace.quality[i];
    aliased_.push_back((quality & kAliased) != 0);
    clear_.push_back((quality & kLowSnr) == 0 && !std::isnan(peak_[i]));
    const bool readable = (quality & (kAliased | kOverlay | kCalibrationChanged)) == 0;
    slow_.push_back(std::isnan(peak_[i]) && (quality & kLowSnr) != 0 && readable);
    if (!slow_.back()) continue;
    peak_[i] = hiddenCmPerS / 2;
    mean_[i] = hiddenCmPerS / 4;  // of a parabolic profile
    if (!flow_.empty() && std::isnan(flow_[i])) flow_[i] = 0;
  }
  smooth_ = smoothed(timeS_, peak_);
}

std::size_t VelocityCourse::at(double timeS) const {
  return static_cast<std::size_t>(std::lower_bound(timeS_.begin(), timeS_.end(), timeS) - timeS_.begin());
}

VelocityCourse::Sum VelocityCourse::sum(const std::vector<double>& values, double fromS, double toS) const {
  Sum sum;
  const std::size_t first = at(fromS);
  for (std::size_t i = std::max<std::size_t>(first, 1); i < size() && timeS_[i - 1] < toS; ++i) {
    const double stepS = timeS_[i] - timeS_[i - 1];
    const double a = values[i - 1];
    const double b = values[i];
    if (stepS > longestStepS_ || std::isnan(a) || std::isnan(b)) continue;
    const double beginS = std::max(fromS, timeS_[i - 1]);
    const double endS = std::min(toS, timeS_[i]);
    const auto value = [&](double t) { return std::lerp(a, b, (t - timeS_[i - 1]) / stepS); };
    sum.value += (endS - beginS) * (value(beginS) + value(endS)) / 2;
    sum.knownS += endS - beginS;
  }
  return sum;
}

double VelocityCourse::integral(const std::vector<double>& values, double fromS, double toS) const {
  if (values.empty() || !(toS > fromS)) return kNaN;
  const Sum all = sum(values, fromS, toS);
  const double spanS = toS - fromS;
  return all.knownS < (1 - kMostMissing) * spanS ? kNaN : all.value * spanS / all.knownS;
}

double VelocityCourse::knownShare(const std::vector<double>& values, double fromS, double toS) const {
  if (values.empty() || !(toS > fromS)) return 0;
  return std::min(1.0, sum(values, fromS, toS).knownS / (toS - fromS));
}

double VelocityCourse::slowShare(double fromS, double toS) const {
  double slow = 0;
  double all = 0;
  for (std::size_t i = at(fromS); i < size() && timeS_[i] < toS; ++i) {
    ++all;
    slow += slow_[i] ? 1 : 0;
  }
  return all > 0 ? slow / all : 0;
}

VelocityLevel levelOf(const VelocityCourse& course, double fromS, double toS) {
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (std::size_t i = course.at(fromS); i < course.size() && course.timeS(i) < toS; ++i) {
    const double v = course.peak(i);
    if (std::isnan(v)) continue;
    sum += v;
    squares += v * v;
    ++count;
  }
  if (count == 0) return {};
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

}  // namespace soleus
