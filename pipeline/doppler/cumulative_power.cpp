#include "pipeline/doppler/cumulative_power.h"

#include <algorithm>
#include <numeric>

namespace soleus {

std::vector<double> cumulativePower(std::span<const float> power) {
  std::vector<double> sums(power.size() + 1, 0.0);
  std::partial_sum(power.begin(), power.end(), sums.begin() + 1, std::plus<double>());
  return sums;
}

int spectralPeak(std::span<const float> power, RowRange band) {
  const auto begin = power.begin();
  return static_cast<int>(std::max_element(begin + band.begin, begin + band.end) - begin);
}

int knee(std::span<const double> cumulative, int begin) {
  const int end = static_cast<int>(cumulative.size()) - 1;
  const double start = cumulative[static_cast<std::size_t>(begin)];
  const double slope = (cumulative.back() - start) / std::max(1, end - begin);
  int best = begin;
  double greatest = 0;
  for (int i = begin; i <= end; ++i) {
    // Above a given chord the vertical distance is greatest where the perpendicular one is.
    const double distance = cumulative[static_cast<std::size_t>(i)] - start - slope * (i - begin);
    if (distance <= greatest) continue;
    greatest = distance;
    best = i;
  }
  return best;
}

}  // namespace soleus
