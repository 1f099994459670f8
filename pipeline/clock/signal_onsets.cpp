#include "pipeline/clock/signal_onsets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace soleus {
namespace {

// Faster signals are averaged down to this: half a millisecond is fine enough.
constexpr double kFinestS = 0.0005;
// Averaged on each side of a step: shorter than a tap, longer than most noise; and as few samples at least.
constexpr double kReachS = 0.008;
constexpr std::size_t kLeastReach = 3;
// A fit looks at the rest before, and as far as the rise goes.
constexpr double kBeforeS = 0.040;
constexpr double kAfterS = 0.040;
// Lengths of rises that are tried.
constexpr std::array<double, 12> kRisesS{0,     0.0005, 0.001, 0.002, 0.003, 0.005,
                                         0.008, 0.012,  0.018, 0.026, 0.038, 0.055};
// A real rise has no such shape: what the fit leaves is no smaller than this share of the height.
constexpr double kModelError = 0.01;
// Onsets per sample interval that are tried.
constexpr int kPlaces = 8;
// Logarithm of the probability of those that need not be tried so finely.
constexpr double kHopeless = 20;
// Rises are told over so long.
constexpr double kRiseStepS = 0.002;
// By how much all onsets may be wrong in one direction: shares of a rise's length (none has quite that
// shape), of the sampling interval and of an onset's own error (a step may be taken for a rise that begins
// earlier).
constexpr double kRiseShare = 0.04;
constexpr double kIntervalShare = 0.2;
constexpr double kErrorShare = 0.5;
constexpr double kLeastBiasS = 0.0003;
// A pulse that rises within this has a sudden end too, if it comes before so long.
constexpr double kSuddenS = 0.003;
constexpr double kLongestS = 2;

SampledTrace cleaned(const SampledTrace& trace) {
  SampledTrace clean;
  for (std::size_t n = 0; n < trace.value.size(); ++n) {
    if (!std::isfinite(trace.value[n])) continue;
    clean.timeS.push_back(trace.timeS[n]);
    clean.value.push_back(trace.value[n]);
  }
  return clean;
}

/// Means of so many samples each.
SampledTrace averaged(const SampledTrace& trace, std::size_t count) {
  if (count <= 1) return trace;
  SampledTrace mean;
  for (std::size_t n = 0; n + count <= trace.value.size(); n += count) {
    double timeS = 0;
    double value = 0;
    for (std::size_t k = n; k < n + count; ++k) {
      timeS += trace.timeS[k] - trace.timeS[n];
      value += trace.value[k];
    }
    mean.timeS.push_back(trace.timeS[n] + timeS / static_cast<double>(count));
    mean.value.push_back(value / static_cast<double>(count));
  }
  return mean;
}

// A tap's force rises as a half sine, a pulse's voltage at once or as a ramp.
enum class Shape { kRamp, kSine };

double shapeAt(Shape shape, double sinceS, double riseS) {
  if (sinceS < 0) return 0;
  if (sinceS >= riseS) return 1;
  return shape == Shape::kRamp ? sinceS / riseS : std::sin(0.5 * M_PI * sinceS / riseS);
}

/// Some samples of a trace, less the straight line through them.
class Stretch {
 public:
  Stretch(const SampledTrace& trace, std::size_t from, std::size_t to) {
    const auto count = static_cast<double>(to - from);
    double middleS = 0;
    double level = 0;
    for (std::size_t n = from; n < to; ++n) {
      timeS_.push_back(trace.timeS[n]);
      middleS += trace.timeS[n] / count;
      level += trace.value[n] / count;
    }
    double slope = 0;
    for (std::size_t n = from; n < to; ++n) {
      lever_.push_back(trace.timeS[n] - middleS);
      lever2_ += lever_.back() * lever_.back();
      slope += lever_.back() * trace.value[n];
    }
    slope /= std::max(lever2_, 1e-300);
    for (std::size_t n = from; n < to; ++n) {
      rest_.push_back(trace.value[n] - level - slope * lever_[n - from]);
      rest2_ += rest_.back() * rest_.back();
    }
  }
  [[nodiscard]] double firstS() const { return timeS_.front(); }
  [[nodiscard]] double lastS() const { return timeS_.back(); }
  [[nodiscard]] auto count() const { return static_cast<double>(timeS_.size()); }

  /// Sum of squares that the best line and height of a rise leave.
  [[nodiscard]] double residual(Shape shape, double onsetS, double riseS) const {
    double sum = 0;
    double withLever = 0;
    double withRest = 0;
    double squares = 0;
    for (std::size_t n = 0; n < timeS_.size(); ++n) {
      const double x = shapeAt(shape, timeS_[n] - onsetS, riseS);
      sum += x;
      squares += x * x;
      withLever += x * lever_[n];
      withRest += x * rest_[n];
    }
    const double own = squares - sum * sum / count() - withLever * withLever / std::max(lever2_, 1e-300);
    return own > 1e-6 ? std::max(0.0, rest2_ - withRest * withRest / own) : rest2_;
  }

 private:
  std::vector<double> timeS_;
  std::vector<double> lever_;  // times about their mean
  double lever2_ = 0;          // sum of their squares
  std::vector<double> rest_;   // values less the line
  double rest2_ = 0;           // likewise
};

/// Posterior means over all onsets and rises that are tried.
struct Fit {
  double onsetS = 0;
  double onsetErrorS = 0;  // standard deviation
  double riseS = 0;
};

/// What onsets, evenly spaced from `firstS` on, leave with every shape and length of rise.
struct Tried {
  double firstS;
  double stepS;
  std::size_t places;
  std::vector<double> left;  // place by place of one rise, then the next
  double least = 1e300;

  Tried(const Stretch& stretch, double fromS, double toS, double step)
      : firstS(fromS), stepS(step), places(static_cast<std::size_t>(std::max(1.0, (toS - fromS) / step))) {
    for (const double riseS : kRisesS) {
      for (const Shape shape : {Shape::kRamp, Shape::kSine}) {
        for (std::size_t p = 0; p < places; ++p) {
          left.push_back(stretch.residual(shape, placeS(p), riseS));
          least = std::min(least, left.back());
        }
      }
    }
  }
  [[nodiscard]] double placeS(std::size_t p) const { return firstS + (static_cast<double>(p) + 0.5) * stepS; }
};

Fit fitRise(const Stretch& stretch, double intervalS, double height) {
  const double lastS = stretch.lastS();
  const Tried coarse(stretch, stretch.firstS() + 2 * intervalS, lastS, intervalS);
  const double variance = std::max(coarse.least / stretch.count(), std::pow(kModelError * height, 2));
  double fromS = lastS;
  double toS = coarse.firstS;
  for (std::size_t n = 0; n < coarse.left.size(); ++n) {
    if (coarse.left[n] - coarse.least > 2 * variance * kHopeless) continue;
    fromS = std::min(fromS, coarse.placeS(n % coarse.places) - intervalS);
    toS = std::max(toS, coarse.placeS(n % coarse.places) + intervalS);
  }
  const Tried fine(stretch, fromS, toS, intervalS / kPlaces);
  double total = 0;
  double onsetS = 0;
  double squareS2 = 0;
  double riseS = 0;
  for (std::size_t n = 0; n < fine.left.size(); ++n) {
    const double w = std::exp(-(fine.left[n] - fine.least) / (2 * variance));
    const double sinceS = fine.placeS(n % fine.places) - fromS;
    total += w;
    onsetS += w * sinceS;
    squareS2 += w * sinceS * sinceS;
    // What comes after the peak isn't seen.
    riseS += w * std::min(kRisesS[n / fine.places / 2], lastS - fromS - sinceS);
  }
  onsetS /= total;
  return {fromS + onsetS, std::sqrt(std::max(0.0, squareS2 / total - onsetS * onsetS)), riseS / total};
}

/// Where a sudden pulse is back below half its height.
std::optional<Between> endOf(const SampledTrace& t, std::size_t from, std::size_t edge, std::size_t reach,
                             double onsetS, double sign) {
  double before = 0;
  std::size_t n = from;
  for (; n < edge - reach; ++n) before += sign * t.value[n];
  before /= static_cast<double>(edge - reach - from);
  while (n < t.timeS.size() && t.timeS[n] <= onsetS) ++n;
  std::vector<double> top;
  for (std::size_t k = n; k < std::min(n + 3, t.value.size()); ++k) top.push_back(sign * t.value[k]);
  const double half = 0.5 * (before + medianOf(top));
  for (++n; n + 1 < t.timeS.size() && t.timeS[n] - onsetS < kLongestS; ++n)
    if (sign * t.value[n] < half && sign * t.value[n + 1] < half) return Between{t.timeS[n - 1], t.timeS[n]};
  return std::nullopt;
}

std::vector<SyncRise> risesOf(const SampledTrace& trace, double intervalS, double sign) {
  const auto count = static_cast<std::size_t>(std::max(1L, std::lround(kRiseStepS / intervalS)));
  const SampledTrace coarse = averaged(trace, count);
  std::vector<SyncRise> rises;
  for (std::size_t n = 1; n < coarse.value.size(); ++n) {
    const double height = sign * (coarse.value[n] - coarse.value[n - 1]);
    if (height > 0) rises.push_back({coarse.timeS[n - 1], coarse.timeS[n], height});
  }
  return rises;
}

}  // namespace

SyncSeries signalOnsets(const SampledTrace& raw, const std::string& name) {
  SyncSeries series;
  series.name = name;
  SampledTrace trace = cleaned(raw);
  double intervalS = usualIntervalS(trace);
  if (intervalS <= 0) return series;
  trace = averaged(trace, static_cast<std::size_t>(std::max(1.0, kFinestS / intervalS)));
  intervalS = usualIntervalS(trace);
  if (trace.timeS.empty()) return series;
  series.startS = trace.timeS.front();
  series.endS = trace.timeS.back();
  const auto samples = [&](double s) {
    return static_cast<std::size_t>(std::max(1L, std::lround(s / intervalS)));
  };
  const std::size_t reach = std::max(kLeastReach, samples(kReachS));
  const std::vector<StepEdge> edges = edgesFromRest(trace, reach);
  for (const StepEdge& edge : edges) {
    const std::size_t before = samples(kBeforeS) + reach + 2;
    if (edge.index < before + 1) continue;
    const std::size_t from = edge.index - before;
    const std::size_t last = std::min(trace.value.size(), edge.index + reach + samples(kAfterS));
    const double sign = edge.height < 0 ? -1 : 1;
    const auto peak = std::max_element(trace.value.begin() + static_cast<std::ptrdiff_t>(edge.index - reach),
                                       trace.value.begin() + static_cast<std::ptrdiff_t>(last),
                                       [&](double a, double b) { return sign * a < sign * b; });
    const auto to = static_cast<std::size_t>(peak - trace.value.begin()) + 1;
    const Fit fit = fitRise(Stretch(trace, from, to), intervalS, edge.height);
    const double biasS = kLeastBiasS + std::hypot(kRiseShare * fit.riseS, kIntervalShare * intervalS,
                                                  kErrorShare * fit.onsetErrorS);
    SyncEvent event{fit.onsetS - intervalS / 2, fit.onsetS + intervalS / 2, std::abs(edge.height), biasS};
    if (fit.riseS < kSuddenS) event.end = endOf(trace, from, edge.index, reach, fit.onsetS, sign);
    series.events.push_back(event);
  }
  series.events = withoutBounces(series.events);
  series.rises = risesOf(trace, intervalS, edges.empty() || edges.front().height > 0 ? 1 : -1);
  return series;
}

}  // namespace soleus
