#include "pipeline/contraction/breath.h"

#include <cmath>
#include <limits>
#include <vector>

namespace soleus {
namespace {

constexpr double kStepS = 0.1;
// Six to forty breaths a minute.
constexpr double kShortestS = 1.5;
constexpr double kLongestS = 10;
// How much a breath has to be like the one before it.
constexpr double kLeastCorrelation = 0.3;

/// Means of the velocity over kStepS each, without their own mean.
std::vector<double> steps(const VelocityCourse& course, double fromS, double toS) {
  std::vector<double> values;
  for (double t = fromS; t + kStepS <= toS; t += kStepS)
    values.push_back(course.integral(course.smoothPeaks(), t, t + kStepS) / kStepS);
  double sum = 0;
  double known = 0;
  for (const double v : values) {
    if (std::isnan(v)) continue;
    sum += v;
    ++known;
  }
  for (double& v : values) v = std::isnan(v) ? 0 : v - sum / known;
  return values;
}

}  // namespace

double breathPeriodS(const VelocityCourse& course, double fromS, double toS) {
  const std::vector<double> v = steps(course, fromS, toS);
  double best = kLeastCorrelation;
  double period = std::numeric_limits<double>::quiet_NaN();
  double before = 1;
  bool fallen = false;  // from the likeness of what is next to each other
  for (std::size_t lag = 1; 2 * lag <= v.size() && static_cast<double>(lag) * kStepS <= kLongestS; ++lag) {
    double product = 0;
    double a = 0;
    double b = 0;
    for (std::size_t i = lag; i < v.size(); ++i) {
      product += v[i] * v[i - lag];
      a += v[i] * v[i];
      b += v[i - lag] * v[i - lag];
    }
    const double correlation = a > 0 && b > 0 ? product / std::sqrt(a * b) : 0;
    fallen = fallen || correlation < 0;
    if (fallen && static_cast<double>(lag) * kStepS >= kShortestS && correlation > best) {
      best = correlation;
      period = static_cast<double>(lag) * kStepS;
    }
    // The first breath, not the second or third, which are as much alike.
    if (!std::isnan(period) && correlation < before && correlation < best / 2) break;
    before = correlation;
  }
  return period;
}

}  // namespace soleus
