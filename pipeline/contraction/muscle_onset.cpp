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
// Rest is told stretch by stretch; those of noise differ less from the most even one.
constexpr double kStretchS = 0.25;
constexpr double kUneven = 4;
// An EMG is noise: equal samples for so long are none; the high-pass forgets them in two of its periods.
constexpr double kSilentS = 0.02;
constexpr double kRingsS = 0.1;
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
  // A missing sample is no burst; see forgetSilence.
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

/// Where nothing came, or the same number again and again, no activity is known, nor beside it, where the
/// filter rings: a cable that fell off is no rest.
void forgetSilence(const std::vector<double>& value, double rateHz, std::vector<double>& activity) {
  const auto longest = static_cast<std::size_t>(kSilentS * rateHz);
  const auto beside = static_cast<std::size_t>(kRingsS * rateHz);
  for (std::size_t begin = 0, end = 0; begin < value.size(); begin = end) {
    const auto same = [&](std::size_t i) {
      return value[i] == value[begin] || (std::isnan(value[i]) && std::isnan(value[begin]));
    };
    while (end < value.size() && same(end)) ++end;
    if (end - begin < longest && !std::isnan(value[begin])) continue;
    const auto from = static_cast<std::ptrdiff_t>(begin - std::min(begin, beside));
    const auto to = static_cast<std::ptrdiff_t>(std::min(activity.size(), end + beside));
    std::fill(activity.begin() + from, activity.begin() + to, std::nan(""));
  }
}

/// Of the stretches that are about as even as the more even ones: a muscle that still acts is no rest.
/// Nothing if there is no stretch.
std::optional<Level> quietOf(std::span<const double> activity, double stepS) {
  const auto length = static_cast<std::size_t>(std::max(2.0, kStretchS / stepS));
  struct Stretch {
    std::size_t first = 0;
    double sd = 0;
  };
  std::vector<Stretch> stretches;
  for (std::size_t first = 0; first + length <= activity.size(); first += length) {
    const double sd = levelOf(activity.subspan(first, length)).sd;
    if (!std::isnan(sd)) stretches.push_back({first, sd});
  }
  if (stretches.empty()) return std::nullopt;
  std::ranges::sort(stretches, {}, &Stretch::sd);
  const double even = stretches[stretches.size() / 4].sd;
  std::vector<double> quiet;
  for (const Stretch& stretch : stretches) {
    if (stretch.sd > kUneven * even) continue;
    const auto values = activity.subspan(stretch.first, length);
    quiet.insert(quiet.end(), values.begin(), values.end());
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
    forgetSilence(signal.value, rateHz, activity_);
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
  const auto rest = quietOf(std::span(activity_).subspan(restBegin, begin - restBegin), usualStepS(timeS_));
  if (!rest) return std::nullopt;
  double threshold = rest->mean + kEmgSds * rest->sd;
  if (source_ != OnsetSource::kEmg) {
    double top = rest->mean;
    for (std::size_t i = begin; i < at(flowOnsetS + 1); ++i) top = std::fmax(top, activity_[i]);
    threshold = rest->mean + std::max(kForceSds * rest->sd, kForceShare * (top - rest->mean));
  }
  std::size_t first = begin;
  for (std::size_t i = begin; i < std::min(timeS_.size(), at(flowOnsetS + kAfterFlowS + kHeldS)); ++i) {
    if (!(activity_[i] > threshold)) first = i + 1;
    if (first >= end) break;
    // Already active where the search begins: when it became so is not known.
    if (first == begin && i > begin) return std::nullopt;
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
