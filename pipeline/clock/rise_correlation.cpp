#include "pipeline/clock/rise_correlation.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

constexpr double kStepS = 0.001;
// Sync events come every few seconds, or are fewer: the rise that many are as high as counts as theirs.
constexpr double kEventEveryS = 5;
constexpr std::size_t kFewest = 3;
// Lower rises are noise, and higher ones count no more.
constexpr double kNoiseShare = 0.25;
// Every rise is widened by this, so that peaks that are a millisecond apart still overlap.
constexpr double kBlurS = 0.003;

/// Rises in steps of time from `startS` on.
std::vector<double> gridOf(const SyncSeries& series, double startS, std::size_t count) {
  std::vector<double> heights;
  for (const SyncRise& rise : series.rises) heights.push_back(rise.height);
  const std::size_t rank =
      std::max(kFewest, static_cast<std::size_t>((series.endS - series.startS) / kEventEveryS));
  std::vector<double> grid(count, 0.0);
  if (heights.size() < rank) return grid;
  std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(rank - 1), heights.end(),
                   std::greater<>());
  const double usual = heights[rank - 1];
  for (const SyncRise& rise : series.rises) {
    const double height = std::min(usual, rise.height) - kNoiseShare * usual;
    if (height <= 0) continue;
    const auto from = static_cast<std::ptrdiff_t>(std::floor((rise.fromS - kBlurS - startS) / kStepS));
    const auto to = static_cast<std::ptrdiff_t>(std::ceil((rise.toS + kBlurS - startS) / kStepS));
    for (std::ptrdiff_t n = std::max<std::ptrdiff_t>(0, from);
         n < std::min<std::ptrdiff_t>(to, static_cast<std::ptrdiff_t>(count)); ++n)
      grid[static_cast<std::size_t>(n)] += height / static_cast<double>(to - from);
  }
  return grid;
}

std::size_t stepsIn(const SyncSeries& series) {
  return static_cast<std::size_t>(std::max(0.0, series.endS - series.startS) / kStepS) + 2;
}

}  // namespace

Result<DelayEstimate> correlateRises(const SyncSeries& first, const SyncSeries& second, double aboutS,
                                     double withinS) {
  const std::vector<double> a = gridOf(first, first.startS, stepsIn(first));
  const std::vector<double> b = gridOf(second, second.startS, stepsIn(second));
  const auto reach = static_cast<std::ptrdiff_t>(std::ceil(withinS / kStepS));
  const auto middle =
      static_cast<std::ptrdiff_t>(std::lround((aboutS - first.startS + second.startS) / kStepS));
  std::vector<double> sum(static_cast<std::size_t>(2 * reach + 1), 0.0);
  for (std::size_t n = 0; n < b.size(); ++n) {
    if (b[n] == 0) continue;
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(n) + middle - reach;
    for (std::ptrdiff_t lag = std::max<std::ptrdiff_t>(0, -at);
         lag <= std::min(2 * reach, static_cast<std::ptrdiff_t>(a.size()) - 1 - at); ++lag)
      sum[static_cast<std::size_t>(lag)] += b[n] * a[static_cast<std::size_t>(at + lag)];
  }
  const auto peak = std::max_element(sum.begin(), sum.end());
  if (*peak <= 0)
    return Error{ErrorKind::kBadInput, first.name, "has nothing in common with " + second.name,
                 "no rise at the same time", "flashes, pulses or taps that both show"};
  auto from = peak;
  auto to = peak;
  while (from != sum.begin() && *(from - 1) > *peak / 2) --from;
  while (to + 1 != sum.end() && *(to + 1) > *peak / 2) ++to;
  double weight = 0;
  double place = 0;
  for (auto n = from; n <= to; ++n) {
    const double above = *n - *peak / 2;
    weight += above;
    place += above * static_cast<double>(n - sum.begin());
  }
  const double lag = place / weight + static_cast<double>(middle - reach);
  return DelayEstimate{lag * kStepS + first.startS - second.startS,
                       0.5 * kStepS * static_cast<double>(to - from + 1)};
}

}  // namespace soleus
