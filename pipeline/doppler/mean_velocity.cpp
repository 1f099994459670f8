#include "pipeline/doppler/mean_velocity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soleus {
namespace {

// Keeps the logarithm finite: 120 dB below full white is below anything a display shows.
constexpr double kLeastPower = 1e-12;

// A level is told by rows that hold at least a twentieth of it; of less, noise would be blown up.
constexpr double kLeastSeen = 0.05;

// Resolutions over which the values of a Hann window's spectrum share their speckle: the integral of the
// squared correlation.
constexpr double kSharedWindows = 1.95;

struct Sums {
  double power = 0;
  double moment = 0;
};

/// Where the power of row `i` stands, which may lie beyond an end of the axis.
int placeOf(int i, const DirectionAxis& axis) {
  return i < 0 ? i + axis.wrapRows : i >= axis.size ? i - axis.wrapRows : i;
}

/// Beyond its ends the axis goes on with what wrapped around, where that is known.
Sums sumOver(std::span<const float> power, double noise, int begin, int end, const DirectionAxis& axis) {
  Sums sums;
  const int most = axis.wrapRows;
  for (int i = std::max(-most, begin); i < std::min(axis.size + most, end); ++i) {
    const int at = placeOf(i, axis);
    if (at < 0 || at >= axis.size) continue;
    const double signal = std::max(0.0, power[static_cast<std::size_t>(at)] - noise);
    sums.power += signal;
    sums.moment += signal * (i + 0.5 - axis.zeroIndex) * axis.stepCmPerS;
  }
  return sums;
}

/// A step at zero as the window shows it: a ramp of one resolution to either side has the variance of the
/// spectrum of a Hann window, 1/3 of the resolution squared.
double smearedStep(double rows, double windowRows) {
  return std::clamp(0.5 + 0.5 * rows / windowRows, 0.0, 1.0);
}

/// Share of the power that a high-pass filter of second order passes; its -3 dB corner is where the rows
/// begin that are shown. Filters of other orders share the corner and differ little in the sum beyond it.
double passedShare(double rows, double cornerRows) {
  const double ratio = cornerRows > 0 ? std::pow(rows / cornerRows, 4) : 1e9;
  return ratio / (1.0 + ratio);
}

/// The level that a flat spectrum from zero to `edgeRows` (> 0) has, by the rows from index `first` outward
/// to one resolution beyond the wall filter. `step`: 1 or -1, away from zero. 0 where nothing can be told.
double levelAtZero(std::span<const float> power, double noise, double edgeRows, int first, int step,
                   const DirectionAxis& axis) {
  double seen = 0;
  double expected = 0;
  const double farthestRows = axis.wholeRows + axis.windowRows;
  int count = 0;
  for (int i = first; i >= 0 && i < axis.size; i += step) {
    const double rows = step * (i + 0.5 - axis.zeroIndex);
    if (rows > farthestRows) break;
    ++count;
    seen += power[static_cast<std::size_t>(i)] - noise;
    expected += passedShare(rows, axis.wallFilterRows) *
                (smearedStep(rows, axis.windowRows) - smearedStep(rows - edgeRows, axis.windowRows));
  }
  return expected > kLeastSeen * count ? std::max(0.0, seen / expected) : 0.0;
}

/// The power that both directions would show around zero without the wall filter and the painted baseline.
Sums sumAcrossZero(std::span<const float> power, double noise, const ColumnEnvelope& envelope,
                   const DirectionAxis& axis) {
  const double step = axis.stepCmPerS;
  const double above =
      envelope.forward ? levelAtZero(power, noise, envelope.forwardCmPerS / step, axis.firstForward, 1, axis)
                       : 0.0;
  const double below =
      envelope.reverse ? levelAtZero(power, noise, -envelope.reverseCmPerS / step, axis.lastReverse, -1, axis)
                       : 0.0;
  Sums sums;
  for (int i = std::max(0, axis.lastWhole + 1); i < std::min(axis.size, axis.firstWhole); ++i) {
    const double rows = i + 0.5 - axis.zeroIndex;
    const double signal = above * (smearedStep(rows, axis.windowRows) -
                                   smearedStep(rows - envelope.forwardCmPerS / step, axis.windowRows)) +
                          below * (smearedStep(-rows, axis.windowRows) -
                                   smearedStep(-rows + envelope.reverseCmPerS / step, axis.windowRows));
    sums.power += signal;
    sums.moment += signal * rows * step;
  }
  return sums;
}

/// What speckle does to sum(v * S) / sum(S), times the square of sum(S).
struct Speckle {
  double variance = 0;
  double bias = 0;
};

/// Each value of a periodogram varies by itself (noise included) over the root of its looks, and shares that
/// with the rows within the window's resolution. A row that happens to be strong raises the divisor too, so
/// that the quotient reads low where the strong rows lie above the mean, as they do under a blunt profile's
/// edge: the bias of a ratio of sums (Cochran, Sampling Techniques, 1977, 6.8). The mean square of a value
/// of n looks is (1 + 1/n) times its square. Hidden rows are in neither sum: what is painted or echoes there
/// is not counted.
Speckle speckleOf(std::span<const float> power, double looks, double meanCmPerS, IndexRange rows,
                  const DirectionAxis& axis) {
  Speckle speckle;
  for (int i = std::max(-axis.wrapRows, rows.begin); i < std::min(axis.size + axis.wrapRows, rows.end); ++i) {
    if (i > axis.lastWhole && i < axis.firstWhole) continue;
    const int at = placeOf(i, axis);
    if (at < 0 || at >= axis.size) continue;
    const double apart = (i + 0.5 - axis.zeroIndex) * axis.stepCmPerS - meanCmPerS;
    const double square =
        static_cast<double>(power[static_cast<std::size_t>(at)]) * power[static_cast<std::size_t>(at)];
    speckle.variance += apart * apart * square;
    speckle.bias -= apart * square;
  }
  const double shared = std::max(1.0, kSharedWindows * axis.windowRows);
  speckle.variance *= shared / looks;
  speckle.bias *= shared / (looks + 1);
  return speckle;
}

}  // namespace

SpectralMoments spectralMoments(std::span<const float> power, double looks, double noise,
                                const ColumnEnvelope& envelope, IndexRange averaged,
                                const DirectionAxis& axis) {
  SpectralMoments moments;
  moments.meanCmPerS = moments.meanVariance = moments.hiddenCmPerS = moments.snrDb =
      std::numeric_limits<double>::quiet_NaN();
  if (!envelope.forward && !envelope.reverse) return moments;

  // The window smears every edge evenly to both sides, the one at zero too: cut at the edge, the mean reads
  // high there and low at the envelope.
  const int margin = axis.leakageRows;
  const IndexRange signalRows{averaged.begin - margin, averaged.end + margin};
  const Sums up = sumOver(power, noise, axis.firstWhole, signalRows.end, axis);
  const Sums down = sumOver(power, noise, signalRows.begin, axis.lastWhole + 1, axis);
  const Sums middle = sumAcrossZero(power, noise, envelope, axis);
  const double total = up.power + down.power + middle.power;
  if (total <= 0) return moments;
  // Near zero the edges' smear and the noise of a few rows may carry it past an envelope that ends close by;
  // a mean beyond the fastest blood of either direction cannot be.
  const double quotient = (up.moment + down.moment + middle.moment) / total;
  const Speckle speckle = speckleOf(power, looks, quotient, signalRows, axis);
  moments.meanCmPerS =
      std::clamp(quotient - speckle.bias / (total * total), envelope.reverseCmPerS, envelope.forwardCmPerS);
  const double seen = up.power + down.power;
  const double seenMoment = up.moment + down.moment;
  if (seen > 0) {
    const double without = seenMoment / seen;
    const double twice = (seenMoment + 2 * middle.moment) / (seen + 2 * middle.power);
    moments.hiddenCmPerS =
        std::max(std::abs(without - moments.meanCmPerS), std::abs(twice - moments.meanCmPerS));
  }
  // What is filled in around zero is known from about one independent value.
  const double filled = middle.moment - moments.meanCmPerS * middle.power;
  moments.meanVariance = (speckle.variance + filled * filled / looks) / (total * total);
  if (envelope.forward) {
    moments.forwardPower =
        sumOver(power, noise, axis.firstForward, envelope.forwardRange.end + margin, axis).power;
  }
  if (envelope.reverse) {
    moments.reversePower =
        sumOver(power, noise, envelope.reverseRange.begin - margin, axis.lastReverse + 1, axis).power;
  }

  const double inside =
      sumOver(power, noise, envelope.forwardRange.begin, envelope.forwardRange.end, axis).power +
      sumOver(power, noise, envelope.reverseRange.begin, envelope.reverseRange.end, axis).power;
  const int rows = envelope.forwardRange.end - envelope.forwardRange.begin + envelope.reverseRange.end -
                   envelope.reverseRange.begin;
  moments.snrDb = 10.0 * std::log10(std::max(inside / std::max(rows, 1), kLeastPower) / noise);
  return moments;
}

}  // namespace soleus
