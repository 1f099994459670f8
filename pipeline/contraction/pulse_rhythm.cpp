#include "pipeline/contraction/pulse_rhythm.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace soleus {
namespace {

constexpr double kLongestS = 1.3;
constexpr double kJoinedS = 2 * kLongestS;
constexpr std::size_t kLeastInRow = 6;
constexpr double kSteady = 0.2;

/// Whether all intervals from onset `first` to `last` are alike.
bool isSteady(const std::vector<double>& onsetS, std::size_t first, std::size_t last) {
  std::vector<double> intervals;
  for (std::size_t i = first; i < last; ++i) intervals.push_back(onsetS[i + 1] - onsetS[i]);
  std::vector<double> sorted = intervals;
  std::sort(sorted.begin(), sorted.end());
  const double middle = sorted[sorted.size() / 2];
  return std::all_of(intervals.begin(), intervals.end(),
                     [middle](double s) { return std::abs(s / middle - 1) <= kSteady; });
}

}  // namespace

std::vector<bool> isPulse(const std::vector<double>& onsetS) {
  std::vector<bool> pulse(onsetS.size(), false);
  for (std::size_t first = 0; first + kLeastInRow <= onsetS.size(); ++first) {
    const std::size_t last = first + kLeastInRow - 1;
    bool unbroken = true;
    for (std::size_t i = first; i < last; ++i) unbroken = unbroken && onsetS[i + 1] - onsetS[i] <= kLongestS;
    if (unbroken && isSteady(onsetS, first, last)) {
      const auto from = pulse.begin() + static_cast<std::ptrdiff_t>(first);
      std::fill(from, from + kLeastInRow, true);
    }
  }
  // A beat that comes early, or after one that was not seen, is next to steady ones.
  for (std::size_t i = 1; i < pulse.size(); ++i)
    if (pulse[i - 1] && onsetS[i] - onsetS[i - 1] <= kJoinedS) pulse[i] = true;
  for (std::size_t i = pulse.size(); i-- > 1;)
    if (pulse[i] && onsetS[i] - onsetS[i - 1] <= kJoinedS) pulse[i - 1] = true;
  return pulse;
}

}  // namespace soleus
