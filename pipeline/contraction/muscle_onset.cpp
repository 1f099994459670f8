#include "pipeline/contraction/muscle_onset.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

#include "pipeline/contraction/level.h"
#include "pipeline/contraction/velocity_course.h"

namespace soleus {
namespace {

// An EMG that is sampled more slowly shows an envelope at best.
constexpr double kLeastEmgHz = 200;
constexpr double kHighPassHz = 20;
constexpr double kMeanS = 0.025;
// Blood follows the muscle by some 50 to 200 ms.
constexpr double kBeforeFlowS = 0.7;
constexpr double kAfterFlowS = 0.2;
constexpr double kRestS = 3;
constexpr double kLeastRestS = 0.5;
// Level is told stretch by stretch; those of noise differ less from the most even one.
constexpr double kStretchS = 0.25;
constexpr double kUneven = 4;
// Of the scatter of rest. The energy of noise is skewed: its mean over 25 ms reaches 6 standard deviations
// now and then.
constexpr double kEmgSds = 8;
constexpr double kForceSds = 5;
// Of how far the force rises: slow drift of a sensor is no onset.
constexpr double kForceShare = 0.03;
constexpr double kHeldS = 0.03;

/// A Butterworth high-pass of second order (bilinear transform), in place.
void highPass(std::vector<double>& x, double cornerHz, double rateHz) {
  const double k = std::tan(std::numbers::pi * cornerHz / rateHz);
  const double norm = 1 / (1 + std::numbers::sqrt2 * k + k * k);
  const double a1 = 2 * (k * k - 1) * norm;
  const double a2 = (1 - std::numbers::sqrt2 * k + k * k) * norm;
  double x1 = x.empty() ? 0 : x.front();
  double x2 = x1;
  double y1 = 0;
  double y2 = 0;
  for (double& value : x) {
    const double y = norm * (value - 2 * x1 + x2) - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = value;
    y2 = y1;
    y1 = value = y;
  }
}

/// Mean over `count` values about each.
std::vector<double> runningMean(const std::vector<double>& x, std::size_t count) {
  std::vector<double> mean(x.size());
  const std::size_t half = count / 2;
  double sum = 0;
  std::size_t first = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    while (end < std::min(x.size(), i + half + 1)) sum += x[end++];
    while (first + half < i) sum -= x[first++];
    mean[i] = sum / static_cast<double>(end - first);
  }
  return mean;
}

std::vector<double> emgEnergy(std::vector<double> x, double rateHz) {
  // A missing sample is no burst.
  double last = 0;
  for (double& value : x) value = last = std::isnan(value) ? last : value;
  for (int way = 0; way < 2; ++way) {
    highPass(x, kHighPassHz, rateHz);
    std::ranges::reverse(x);
  }
  std::vector<double> energy(x.size(), 0);
  for (std::size_t i = 1; i + 1 < x.size(); ++i) energy[i] = std::abs(x[i] * x[i] - x[i - 1] * x[i + 1]);
  return energy;
}

/// Of the stretches that are as even as the most even one: a muscle that still acts is no rest.
Level quietOf(std::span<const double> activity, double stepS) {
  const auto length = static_cast<std::size_t>(std::max(2.0, kStretchS / stepS));
  std::vector<Level> stretches;
  for (std::size_t first = 0; first + length <= activity.size(); first += length)
    stretches.push_back(levelOf(activity.subspan(first, length)));
  const double least = std::ranges::min_element(stretches, {}, &Level::sd)->sd;
  std::vector<double> quiet;
  for (std::size_t n = 0; n < stretches.size(); ++n) {
    if (stretches[n].sd > kUneven * least) continue;
    const auto stretch = activity.subspan(n * length, length);
    quiet.insert(quiet.end(), stretch.begin(), stretch.end());
  }
  return levelOf(quiet);
}

}  // namespace

MuscleActivity::MuscleActivity(const MuscleSignal& signal) : source_(signal.source), timeS_(signal.timeS) {
  const double step = usualStepS(timeS_);
  const double rateHz = step > 0 ? 1 / step : 0;
  if (source_ != OnsetSource::kEmg) {
    activity_ = signal.value;
  } else if (rateHz >= kLeastEmgHz) {
    energy_ = emgEnergy(signal.value, rateHz);
    activity_ = runningMean(energy_, static_cast<std::size_t>(kMeanS * rateHz));
  } else {
    timeS_.clear();
  }
}

std::optional<double> MuscleActivity::onsetS(double flowOnsetS, double notBeforeS) const {
  const auto at = [&](double timeS) {
    return static_cast<std::size_t>(std::ranges::lower_bound(timeS_, timeS) - timeS_.begin());
  };
  const double restEndS = flowOnsetS - kBeforeFlowS;
  const double restBeginS = std::max(notBeforeS, restEndS - kRestS);
  const std::size_t restBegin = at(restBeginS);
  const std::size_t begin = at(restEndS);
  const std::size_t end = at(flowOnsetS + kAfterFlowS);
  if (begin >= timeS_.size() || begin <= restBegin || timeS_[begin] - timeS_[restBegin] < kLeastRestS)
    return std::nullopt;
  const Level rest = quietOf(std::span(activity_).subspan(restBegin, begin - restBegin), usualStepS(timeS_));
  double threshold = rest.mean + kEmgSds * rest.sd;
  if (source_ != OnsetSource::kEmg) {
    const auto top = std::max_element(activity_.begin() + static_cast<std::ptrdiff_t>(begin),
                                      activity_.begin() + static_cast<std::ptrdiff_t>(at(flowOnsetS + 1)));
    threshold = rest.mean + std::max(kForceSds * rest.sd, kForceShare * (*top - rest.mean));
  }
  std::size_t first = begin;
  for (std::size_t i = begin; i < std::min(timeS_.size(), at(flowOnsetS + kAfterFlowS + kHeldS)); ++i) {
    if (!(activity_[i] > threshold)) first = i + 1;
    if (first >= end) break;
    if (first <= i && timeS_[i] - timeS_[first] >= kHeldS) return timeS_[sharpened(first, threshold)];
  }
  return std::nullopt;
}

/// A mean over 25 ms rises before what it is the mean of: the first moment within it that is above the
/// threshold itself.
std::size_t MuscleActivity::sharpened(std::size_t onset, double threshold) const {
  for (std::size_t i = onset; i < energy_.size() && timeS_[i] - timeS_[onset] < kMeanS; ++i) {
    if (energy_[i] > threshold) return i;
  }
  return onset;
}

void timeByMuscle(std::vector<FoundContraction>& rows, const std::vector<MuscleActivity>& activities) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double notBeforeS = i == 0 ? -1e9 : rows[i - 1].endS;
    for (const MuscleActivity& activity : activities) {
      const auto onset = activity.onsetS(rows[i].flowOnsetS, notBeforeS);
      if (!onset) continue;
      rows[i].onsetS = *onset;
      rows[i].onsetSource = activity.source();
      break;
    }
  }
}

}  // namespace soleus
