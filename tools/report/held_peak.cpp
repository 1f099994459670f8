#include "tools/report/held_peak.h"

#include <algorithm>
#include <cmath>

#include "tools/report/session_columns.h"

namespace soleus {

std::size_t heldColumns(double stepS) {
  if (!(stepS > 0)) return 3;
  return std::max<std::size_t>(3, 2 * static_cast<std::size_t>(std::lround(kPeakHoldS / (2 * stepS))) + 1);
}

std::optional<HeldPeak> heldPeak(std::span<const double> timeS, std::span<const double> values, double sign) {
  const double stepS = medianStepS(timeS);
  const std::size_t width = heldColumns(stepS);
  const double longestS = (static_cast<double>(width) - 1 + kGapSteps) * stepS;
  std::optional<HeldPeak> best;
  std::vector<double> window(width);
  for (std::size_t first = 0; first + width <= timeS.size(); ++first) {
    if (timeS[first + width - 1] - timeS[first] > longestS) continue;
    std::size_t measured = 0;
    for (std::size_t k = 0; k < width; ++k) {
      const double value = values[first + k];
      measured += std::isfinite(value) ? 1 : 0;
      window[k] = std::isfinite(value) ? value : 0.0;
    }
    if (2 * measured <= width) continue;
    const auto middle = window.begin() + static_cast<std::ptrdiff_t>(width / 2);
    std::nth_element(window.begin(), middle, window.end());
    const double held = sign * *middle > 0 ? *middle : 0.0;
    if (!best || sign * held > sign * best->cmPerS) best = HeldPeak{held, timeS[first + width / 2]};
  }
  return best;
}

bool lasts(std::span<const double> timeS, const std::vector<bool>& marked) {
  const std::size_t width = std::min(heldColumns(medianStepS(timeS)), marked.size());
  std::size_t inside = 0;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    inside += marked[i] ? 1 : 0;
    if (i >= width) inside -= marked[i - width] ? 1 : 0;
    if (2 * inside > width) return true;
  }
  return false;
}

double longestRunS(std::span<const double> timeS, const std::vector<bool>& marked,
                   const std::vector<bool>& startsAnew) {
  const double stepS = medianStepS(timeS);
  double longestS = 0;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (!marked[i]) continue;
    const std::size_t first = i;
    while (i + 1 < marked.size() && marked[i + 1] && !startsAnew[i + 1]) ++i;
    longestS = std::max(longestS, timeS[i] - timeS[first] + stepS);
  }
  return longestS;
}

}  // namespace soleus
