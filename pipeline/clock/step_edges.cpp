#include "pipeline/clock/step_edges.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Of the standard deviation of differences: one in a million of noise.
constexpr double kNoiseFactor = 5;
constexpr double kMadToDeviation = 1.4826;
// The rest is the median of so long, which pulses are shorter than.
constexpr double kRestS = 5;
// Which way the pulses go counts if so much of all heights goes that way.
constexpr double kMajority = 0.65;
// The strongest steps decide about that.
constexpr std::size_t kJudges = 200;

/// Step at each sample: what comes from there on less what was before.
std::vector<double> stepsOf(const std::vector<double>& value, std::size_t reach) {
  std::vector<double> sum(value.size() + 1, 0.0);
  for (std::size_t n = 0; n < value.size(); ++n) sum[n + 1] = sum[n] + value[n];
  std::vector<double> step(value.size(), 0.0);
  for (std::size_t n = reach; n + reach <= value.size(); ++n)
    step[n] = (sum[n + reach] - 2 * sum[n] + sum[n - reach]) / static_cast<double>(reach);
  return step;
}

/// Medians of stretches half as long as the rest, so that two neighbours tell of it.
class Rest {
 public:
  explicit Rest(const SampledTrace& trace) : startS_(trace.timeS.front()) {
    std::vector<double> stretch;
    for (std::size_t n = 0; n < trace.value.size(); ++n) {
      while (indexOf(trace.timeS[n]) > level_.size()) close(stretch);
      stretch.push_back(trace.value[n]);
    }
    close(stretch);
  }
  [[nodiscard]] double at(double timeS) const {
    const std::size_t n = std::min(indexOf(timeS), level_.size() - 1);
    std::vector<double> about;
    for (std::size_t k = n == 0 ? 0 : n - 1; k <= std::min(n + 1, level_.size() - 1); ++k)
      about.push_back(level_[k]);
    return medianOf(about);
  }

 private:
  [[nodiscard]] std::size_t indexOf(double timeS) const {
    return static_cast<std::size_t>(std::max(0.0, timeS - startS_) / (kRestS / 2));
  }
  void close(std::vector<double>& stretch) {
    level_.push_back(stretch.empty() && !level_.empty() ? level_.back() : medianOf(stretch));
    stretch.clear();
  }
  double startS_;
  std::vector<double> level_;
};

}  // namespace

double medianOf(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double usualIntervalS(const SampledTrace& trace) {
  std::vector<double> interval;
  for (std::size_t n = 1; n < trace.timeS.size(); ++n)
    interval.push_back(trace.timeS[n] - trace.timeS[n - 1]);
  return medianOf(interval);
}

std::vector<StepEdge> edgesFromRest(const SampledTrace& trace, std::size_t reach) {
  std::vector<StepEdge> found;
  if (trace.value.size() < 4 * reach + 4) return found;
  const std::vector<double> step = stepsOf(trace.value, reach);
  std::vector<double> sizes(step.size());
  std::transform(step.begin(), step.end(), sizes.begin(), [](double s) { return std::abs(s); });
  const double largest = *std::max_element(sizes.begin(), sizes.end());
  const double least = std::max(kNoiseFactor * kMadToDeviation * medianOf(sizes), 1e-9 * largest);
  const Rest rest(trace);
  const auto height = [&](std::size_t n) { return std::abs(step[n]); };
  for (std::size_t n = reach; n + reach <= step.size(); ++n) {
    if (height(n) <= least) continue;
    bool highest = true;
    for (std::size_t k = n > 2 * reach ? n - 2 * reach : 0; k <= std::min(n + 2 * reach, step.size() - 1);
         ++k)
      highest = highest && (k < n ? height(k) < height(n) : height(k) <= height(n) || step[k] * step[n] < 0);
    if (!highest) continue;
    double before = 0;
    double after = 0;
    for (std::size_t k = 0; k < reach; ++k) {
      before += trace.value[n - 1 - k] / static_cast<double>(reach);
      after += trace.value[n + k] / static_cast<double>(reach);
    }
    const double level = rest.at(trace.timeS[n]);
    if (std::abs(before - level) < std::abs(after - level)) found.push_back({n, step[n]});
  }
  std::vector<StepEdge> judges = found;
  std::sort(judges.begin(), judges.end(),
            [](const StepEdge& a, const StepEdge& b) { return std::abs(a.height) > std::abs(b.height); });
  if (judges.size() > kJudges) judges.resize(kJudges);
  double up = 0;
  double all = 0;
  for (const StepEdge& e : judges) {
    all += std::abs(e.height);
    up += std::max(0.0, e.height);
  }
  const bool rising = up > (1 - kMajority) * all;
  std::erase_if(found, [&](const StepEdge& e) { return (e.height > 0) != rising; });
  return found;
}

}  // namespace soleus
