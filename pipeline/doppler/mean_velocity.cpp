#include "pipeline/doppler/mean_velocity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soleus {
namespace {

// Keeps the logarithm finite: 120 dB below full white is below anything a display shows.
constexpr double kLeastPower = 1e-12;

struct Sums {
  double power = 0;
  double moment = 0;
};

Sums sumOver(std::span<const float> power, double noise, int begin, int end, const DirectionAxis& axis) {
  Sums sums;
  for (int i = std::max(0, begin); i < std::min(axis.size, end); ++i) {
    const double signal = std::max(0.0, power[static_cast<std::size_t>(i)] - noise);
    sums.power += signal;
    sums.moment += signal * (i + 0.5 - axis.zeroIndex) * axis.stepCmPerS;
  }
  return sums;
}

/// Power above the noise near zero on either side, carried in a straight line across the hidden rows.
Sums sumAcrossZero(std::span<const float> power, double noise, const DirectionAxis& axis) {
  Sums sums;
  if (axis.lastReverse < 0 || axis.firstForward >= axis.size) return sums;
  const double below = std::max(0.0, power[static_cast<std::size_t>(axis.lastReverse)] - noise);
  const double above = std::max(0.0, power[static_cast<std::size_t>(axis.firstForward)] - noise);
  const int steps = axis.firstForward - axis.lastReverse;
  for (int k = 1; k < steps; ++k) {
    const double signal = below + (above - below) * k / steps;
    sums.power += signal;
    sums.moment += signal * (axis.lastReverse + k + 0.5 - axis.zeroIndex) * axis.stepCmPerS;
  }
  return sums;
}

}  // namespace

SpectralMoments spectralMoments(std::span<const float> power, double noise, const ColumnEnvelope& envelope,
                                const DirectionAxis& axis) {
  SpectralMoments moments;
  moments.meanCmPerS = std::numeric_limits<double>::quiet_NaN();
  moments.snrDb = std::numeric_limits<double>::quiet_NaN();
  if (!envelope.forward && !envelope.reverse) return moments;

  // The window smears every edge evenly to both sides, the one at zero too: cut at the edge, the mean reads
  // high there and low at the envelope.
  const int margin = axis.leakageRows;
  const Sums up = sumOver(power, noise, axis.firstForward, envelope.forwardRange.end + margin, axis);
  const Sums down = sumOver(power, noise, envelope.reverseRange.begin - margin, axis.lastReverse + 1, axis);
  const Sums middle = sumAcrossZero(power, noise, axis);
  const double total = up.power + down.power + middle.power;
  if (total <= 0) return moments;
  moments.meanCmPerS = (up.moment + down.moment + middle.moment) / total;
  moments.forwardPower = envelope.forward ? up.power : 0.0;
  moments.reversePower = envelope.reverse ? down.power : 0.0;

  const double inside =
      sumOver(power, noise, envelope.forwardRange.begin, envelope.forwardRange.end, axis).power +
      sumOver(power, noise, envelope.reverseRange.begin, envelope.reverseRange.end, axis).power;
  const int rows = envelope.forwardRange.end - envelope.forwardRange.begin + envelope.reverseRange.end -
                   envelope.reverseRange.begin;
  moments.snrDb = 10.0 * std::log10(std::max(inside / std::max(rows, 1), kLeastPower) / noise);
  return moments;
}

}  // namespace soleus
