#include "pipeline/contraction/reflux.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

namespace soleus {
namespace {

constexpr double kBeginsWithinS = 2;
constexpr double kShortestS = 0.05;
// Before that much was seen, none is not said to be there.
constexpr double kLeastSeenS = 1;
// Beyond the longest cut-off a reflux that was cut short is one all the same.
constexpr double kLongestCutOffS = 1;
constexpr double kInterruptedS = 0.15;
// Slower than this it may be the noise of an estimate about zero.
constexpr double kLeastCmPerS = 1;
// Of what the wall filter hides, from where on velocities are right.
constexpr double kVisible = 1.3;
constexpr double kMostHiddenS = 0.1;

/// How long flow that begins at zero is hidden by the wall filter before column `from`, after how fast it
/// grows once it is seen; `step` is -1 for its end. At most kMostHiddenS.
double untilVisibleS(const VelocityCourse& course, std::size_t from, std::size_t to, int step,
                     double peakCmPerS) {
  const double first = std::max(kVisible * course.hiddenCmPerS(), kLeastCmPerS);
  if (-peakCmPerS < 2 * first) return 0;
  const auto reaches = [&](double velocity) {
    std::size_t k = from;
    while (k != to && !(course.peak(k) <= -velocity)) k += static_cast<std::size_t>(step);
    return std::abs(course.timeS(k) - course.timeS(from));
  };
  const double onceS = reaches(first);
  const double twiceS = reaches(2 * first);
  return std::clamp(twiceS - 2 * onceS, 0.0, kMostHiddenS);
}

}  // namespace

Reflux refluxAfter(const VelocityCourse& course, double endS, double nextS) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const Reflux unseen{endS, unknown, unknown, unknown};
  const double beginsUntilS = std::min(nextS, endS + kBeginsWithinS);
  if (course.knownShare(course.peaks(), endS, beginsUntilS) < 1 - VelocityCourse::kMostMissing) return unseen;
  const auto isReverse = [&](std::size_t k) { return course.isClear(k) && course.peak(k) < -kLeastCmPerS; };
  std::optional<Reflux> best;
  std::size_t i = course.at(endS);
  while (i < course.size() && course.timeS(i) < beginsUntilS) {
    if (!isReverse(i)) {
      ++i;
      continue;
    }
    Reflux found;
    std::size_t last = i;
    for (std::size_t k = i;
         k < course.size() && course.timeS(k) < nextS && course.timeS(k) - course.timeS(last) < kInterruptedS;
         ++k) {
      if (!isReverse(k)) continue;
      last = k;
      found.peakCmPerS = std::min(found.peakCmPerS, course.peak(k));
    }
    // Where it begins and ends it is too slow to be clear.
    while (i > 0 && course.timeS(i - 1) >= endS && course.peak(i - 1) < 0) --i;
    while (last + 1 < course.size() && course.timeS(last + 1) < nextS && course.peak(last + 1) < 0) ++last;
    found.startS = std::max(endS, course.timeS(i) - untilVisibleS(course, i, last, 1, found.peakCmPerS));
    const double stopS =
        std::min(nextS, course.timeS(last) + untilVisibleS(course, last, i, -1, found.peakCmPerS));
    found.durationS = stopS - found.startS;
    // It was still there when the next contraction or the end of the recording came: how long, is open.
    const bool isWhole = course.timeS(last) + kInterruptedS < nextS;
    if (!isWhole && found.durationS <= kLongestCutOffS) return unseen;
    if (found.durationS >= kShortestS && (!best || found.durationS > best->durationS)) best = found;
    i = last + 1;
  }
  if (!best) {
    if (nextS - endS < kLeastSeenS) return unseen;
    return {endS, 0, unknown, course.flows().empty() ? unknown : 0};
  }
  best->volumeMl = -course.integral(course.flows(), best->startS, best->startS + best->durationS);
  return *best;
}

}  // namespace soleus
