#include "pipeline/contraction/ejection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <utility>

namespace soleus {
namespace {

constexpr double kShortestBaselineS = 1;
// What the onset is told from.
constexpr double kJustBeforeS = 0.5;
constexpr double kSds = 3;
// Velocities of calm blood vary by less than what is worth an onset.
constexpr double kLeastSdCmPerS = 0.4;
// The foot of a rise, and how long before it the rise may have begun.
constexpr double kFootShare = 0.1;
constexpr double kFootS = 0.06;
// About the top, in which it is a parabola.
constexpr double kTopS = 0.04;
// Of its neighbours' velocity, how far a column's may lie off them.
constexpr double kOffShare = 0.1;

}  // namespace

Baseline baselineBefore(const VelocityCourse& course, double onsetS, double notBeforeS, double spanS) {
  Baseline baseline;
  baseline.toS = onsetS - kBeforeOnsetS;
  baseline.fromS = std::max(notBeforeS, baseline.toS - spanS);
  const double lengthS = baseline.toS - baseline.fromS;
  if (lengthS < kShortestBaselineS) {
    baseline.velocityCmPerS = baseline.flowMlPerS = std::numeric_limits<double>::quiet_NaN();
    return baseline;
  }
  baseline.velocityCmPerS = course.integral(course.peaks(), baseline.fromS, baseline.toS) / lengthS;
  baseline.slowShare = course.slowShare(baseline.fromS, baseline.toS);
  baseline.flowMlPerS = course.integral(course.flows(), baseline.fromS, baseline.toS) / lengthS;
  return baseline;
}

double onsetOf(const VelocityCourse& course, const FlowBurst& burst, double notBeforeS) {
  // Just before what is surely the burst; the rise itself takes some of that.
  const double riseS = course.timeS(burst.first);
  const double fromS = std::max(notBeforeS, riseS - kJustBeforeS - kBeforeOnsetS);
  const auto [level, sd] = levelOf(course, fromS, std::max(fromS, riseS - kBeforeOnsetS));
  const double most = level + kSds * std::max(sd, kLeastSdCmPerS);
  // Back from the top: what lies before the foot of the rise is rest, however it wanders.
  const double foot = level + kFootShare * (course.peak(burst.peak) - level);
  std::size_t i = burst.peak;
  while (i > 0 && course.timeS(i - 1) >= fromS && !(course.peak(i - 1) <= foot)) --i;
  const double footS = course.timeS(i);
  while (i > 0 && course.timeS(i - 1) >= std::max(fromS, footS - kFootS) && course.peak(i - 1) > most) --i;
  return course.timeS(i);
}

Top topOf(const VelocityCourse& course, const FlowBurst& burst) {
  const double aboutS = course.timeS(burst.peak);
  // Least squares of v = a + b u + c u^2 over u, scaled to -1 to 1.
  cv::Matx33d normal = cv::Matx33d::zeros();
  cv::Vec3d right;
  bool before = false;
  bool after = false;
  for (std::size_t i = course.at(aboutS - kTopS); i < course.size() && course.timeS(i) <= aboutS + kTopS;
       ++i) {
    const double off = course.peaks()[i] - course.peak(i);
    if (!(std::abs(off) <= kOffShare * std::abs(course.peak(i)) + kLeastSdCmPerS)) continue;
    before = before || i < burst.peak;
    after = after || i > burst.peak;
    const double u = (course.timeS(i) - aboutS) / kTopS;
    const cv::Vec3d powers(1, u, u * u);
    normal += powers * powers.t();
    right += course.peaks()[i] * powers;
  }
  cv::Vec3d abc;
  if (!before || !after || !cv::solve(normal, right, abc, cv::DECOMP_CHOLESKY) || !(abc[2] < 0))
    return {aboutS, course.peak(burst.peak)};
  const double u = -abc[1] / (2 * abc[2]);
  if (std::abs(u) > 1) return {aboutS, course.peak(burst.peak)};
  return {aboutS + u * kTopS, abc[0] + u * (abc[1] + u * abc[2])};
}

End endOf(const VelocityCourse& course, double fromS, double baselineCmPerS, double notAfterS) {
  const double floor = baselineCmPerS > 0 ? baselineCmPerS : 0;
  for (std::size_t i = course.at(fromS); i < course.size() && course.timeS(i) < notAfterS; ++i) {
    // Slow blood is at rest, whatever it is taken for.
    if (course.peak(i) <= floor || course.isSlow(i)) return {course.timeS(i), true};
  }
  return {std::min(notAfterS, course.timeS(course.size() - 1)), false};
}

}  // namespace soleus
