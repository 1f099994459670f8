#include "pipeline/doppler/envelope_band.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Some 30 independent cells in a column and 70 independent columns a second: one chance in 10^5 for a cell is
// one false detection in a minute of pure noise, most of which the least length of a band removes.
constexpr double kNormalQuantile = 4.265;

}  // namespace

RowRange bandAbove(std::span<const float> power, double threshold) {
  const auto cut = static_cast<float>(threshold);
  RowRange best;
  float bestSum = 0;
  float sum = 0;
  int begin = 0;
  for (int i = 0; i < static_cast<int>(power.size()); ++i) {
    sum += std::min(power[static_cast<std::size_t>(i)] - cut, cut);
    if (sum <= 0) {
      sum = 0;
      begin = i + 1;
    } else if (sum > bestSum) {
      bestSum = sum;
      best = {begin, i + 1};
    }
  }
  return best;
}

double significantOverNoise(double looks) {
  // Wilson and Hilferty, Proc. Natl. Acad. Sci. 1931: the cube root of a chi-square variable is nearly
  // normal.
  const double root = 1.0 - 1.0 / (9.0 * looks) + kNormalQuantile / (3.0 * std::sqrt(looks));
  return root * root * root;
}

double fallingCrossing(std::span<const float> power, RowRange band, double threshold) {
  if (band.end >= static_cast<int>(power.size())) return static_cast<double>(power.size());
  const double above = power[static_cast<std::size_t>(band.end) - 1];
  const double below = power[static_cast<std::size_t>(band.end)];
  if (above <= below) return band.end;
  return band.end - 0.5 + std::clamp((above - threshold) / (above - below), 0.0, 1.0);
}

}  // namespace soleus
