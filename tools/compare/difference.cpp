#include "tools/compare/difference.h"

#include <cmath>

#include "tools/compare/quantiles.h"

namespace soleus {
namespace {

// 95 % of a normal distribution lie within so many standard deviations.
constexpr double kNormal = 1.96;

/// Half of Welch's 95 % interval of a difference of two means.
double welchHalf(const SessionMean& first, const SessionMean& second) {
  const auto n1 = static_cast<double>(first.count);
  const auto n2 = static_cast<double>(second.count);
  const double v1 = first.sd * first.sd / n1;
  const double v2 = second.sd * second.sd / n2;
  if (v1 + v2 == 0) return 0;
  const double freedom = (v1 + v2) * (v1 + v2) / (v1 * v1 / (n1 - 1) + v2 * v2 / (n2 - 1));
  return studentQuantile(0.975, freedom) * std::sqrt(v1 + v2);
}

double knownOrZero(double value) {
  return std::isfinite(value) ? value : 0;
}

}  // namespace

Estimate differenceOf(const SessionMean& first, const SessionMean& second) {
  Estimate difference;
  difference.value = second.mean - first.mean;
  if (first.count < 2 || second.count < 2) return difference;
  const double own =
      std::hypot(knownOrZero(first.measurementUncertainty), knownOrZero(second.measurementUncertainty));
  const double half = std::hypot(welchHalf(first, second), kNormal * own);
  if (half == 0) return difference;
  difference.low = difference.value - half;
  difference.high = difference.value + half;
  return difference;
}

}  // namespace soleus
