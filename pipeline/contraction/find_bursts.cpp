#include "pipeline/contraction/find_bursts.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

constexpr double kSds = 3;
constexpr double kHeldS = 0.05;
// Of a normal distribution, standard deviation over median absolute deviation.
constexpr double kSdOfMad = 1.4826;
// Flow that hardly varies, or that the wall filter hides, still varies by this.
constexpr double kLeastSdCmPerS = 1.3;
// A moment ago.
constexpr double kFromS = 0.65;
constexpr double kToS = 0.3;
// Of the rise that tells a burst, what is left at its end.
constexpr double kLeftShare = 0.5;
// Nobody contracts for longer; a flow that does not fall is another rest.
constexpr double kLongestS = 5;

/// The velocity of a moment ago, for each column; NaN where it is not known. Blood that ran backward and
/// stops has not been driven: it rises from zero.
std::vector<double> aMomentAgo(const VelocityCourse& course) {
  std::vector<double> result(course.size(), std::nan(""));
  std::vector<double> window;
  std::size_t first = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < course.size(); ++i) {
    while (course.timeS(i) - course.timeS(first) > kFromS) ++first;
    while (course.timeS(i) - course.timeS(end) > kToS) ++end;
    window.clear();
    for (std::size_t k = first; k < end; ++k) {
      if (!std::isnan(course.peak(k))) window.push_back(course.peak(k));
    }
    if (2 * window.size() > end - first) result[i] = std::max(0.0, middleOf(window));
  }
  return result;
}

/// The rise that tells a burst.
double clearRise(const VelocityCourse& course, const std::vector<double>& before) {
  std::vector<double> rises;
  for (std::size_t i = 0; i < course.size(); ++i) {
    const double rise = course.peak(i) - before[i];
    if (!std::isnan(rise)) rises.push_back(std::abs(rise));
  }
  if (rises.empty()) return kSds * kLeastSdCmPerS;
  return kSds * std::max(kLeastSdCmPerS, kSdOfMad * middleOf(std::move(rises)));
}

}  // namespace

std::vector<FlowBurst> findBursts(const VelocityCourse& course) {
  const std::vector<double> before = aMomentAgo(course);
  const double clear = clearRise(course, before);
  std::vector<FlowBurst> bursts;
  std::size_t held = 0;  // first column of the rise that is looked at
  for (std::size_t i = 0; i < course.size(); ++i) {
    if (!(course.peak(i) - before[i] > clear)) {
      held = i + 1;
      continue;
    }
    if (course.timeS(i) - course.timeS(held) < kHeldS) continue;
    FlowBurst burst{held, held, held};
    const double least = before[held] + kLeftShare * clear;
    for (std::size_t k = held; k < course.size() && course.timeS(k) - course.timeS(held) < kLongestS; ++k) {
      if (course.peak(k) <= least) break;
      if (std::isnan(course.peak(k))) continue;
      burst.last = k;
      if (course.peak(k) > course.peak(burst.peak)) burst.peak = k;
    }
    bursts.push_back(burst);
    i = burst.last;
    held = i + 1;
  }
  return bursts;
}

}  // namespace soleus
