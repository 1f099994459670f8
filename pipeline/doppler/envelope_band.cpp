#include "pipeline/doppler/envelope_band.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Some 30 independent cells in a column and 70 independent columns a second: one chance in 10^5 for a cell is
// one false detection in a minute of pure noise, most of which the least length of a band removes.
constexpr double kNormalQuantile = 4.265;

// Blood beside the wall stands still, so flow nearly always reaches down to zero; what doesn't must be more
// than the most that noise does in an hour: one chance in 10^8 for a cell.
constexpr double kNormalQuantileApart = 5.61;

// A gap of two resolutions of the spectral window to zero is no hole of speckle.
constexpr double kApartWindows = 2.0;

/// Quantile of the mean of `looks` unit exponentials, by the normal quantile of the same probability.
double exponentialMeanQuantile(double looks, double normalQuantile) {
  // Wilson and Hilferty, Proc. Natl. Acad. Sci. 1931: the cube root of a chi-square variable is nearly
  // normal.
  const double root = 1.0 - 1.0 / (9.0 * looks) + normalQuantile / (3.0 * std::sqrt(looks));
  return root * root * root;
}

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

RowRange significantBand(const DirectionSpectrum& spectrum) {
  const double threshold = spectrum.noise * exponentialMeanQuantile(spectrum.looks, kNormalQuantile);
  const RowRange band = bandAbove(spectrum.power, threshold);
  const bool apart = band.begin > kApartWindows * spectrum.windowRows;
  const bool reachesEnd = band.end == static_cast<int>(spectrum.power.size());
  if (band.length() == 0 || !apart || reachesEnd) return band;
  const auto begin = spectrum.power.begin();
  const float highest = *std::max_element(begin + band.begin, begin + band.end);
  return highest < spectrum.noise * exponentialMeanQuantile(spectrum.looks, kNormalQuantileApart) ? RowRange{}
                                                                                                  : band;
}

double fallingCrossing(std::span<const float> power, RowRange band, double threshold) {
  if (band.end >= static_cast<int>(power.size())) return static_cast<double>(power.size());
  const double above = power[static_cast<std::size_t>(band.end) - 1];
  const double below = power[static_cast<std::size_t>(band.end)];
  if (above <= below) return band.end;
  return band.end - 0.5 + std::clamp((above - threshold) / (above - below), 0.0, 1.0);
}

}  // namespace soleus
