#include "pipeline/doppler/mean_velocity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "pipeline/doppler/edge_shape.h"

namespace soleus {
namespace {

// Keeps the logarithm finite: 120 dB below full white is below anything a display shows.
constexpr double kLeastPower = 1e-12;

// Of a band at least a twentieth is taken to be seen; by less, noise would be blown up.
constexpr double kLeastSeen = 0.05;

// Resolutions: bands narrower than this look all alike, and an edge further away than this is not noticed
// around zero.
constexpr double kLeastBand = 0.1;
constexpr double kFarEdge = 16;
// EdgeShape's broadening by nothing but the window.
constexpr int kWindowAlone = 1;

// Two resolutions beside the hidden rows vary by a third, by speckle: half of what the profile would show
// there is rare, a third hardly ever seen.
constexpr double kBesideWindows = 2;
constexpr double kMostOverBeside = 3;

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

/// What a band from zero to an edge shows at `count` rows around zero, from `firstRow` on, counted outward
/// from zero; its mean density is 1. `meanShare` as in SignalBand: between two profiles of the table.
std::vector<double> bandAroundZero(double edgeRows, double meanShare, double firstRow, std::size_t count,
                                   double windowRows) {
  int blunter = 1;
  while (blunter < EdgeShape::kProfiles - 1 && EdgeShape::meanShare(blunter) < meanShare) ++blunter;
  const double below = EdgeShape::meanShare(blunter - 1);
  const double above = EdgeShape::meanShare(blunter);
  const double share = std::clamp((meanShare - below) / (above - below), 0.0, 1.0);
  const double resolutions = std::clamp(edgeRows / windowRows, kLeastBand, kFarEdge);
  std::vector<float> power(count);
  std::vector<float> slope(count);
  std::vector<double> sum(count);
  for (const int profile : {blunter - 1, blunter}) {
    const EdgeShape::Band band(profile, resolutions);
    EdgeShape::table().sample(band, kWindowAlone, firstRow / windowRows - resolutions, 1 / windowRows, count,
                              power.data(), slope.data());
    const double density = 2 / EdgeShape::kExponents[static_cast<std::size_t>(profile)];  // at zero
    const double factor = (profile == blunter ? share : 1 - share) * density / band.atZero;
    for (std::size_t i = 0; i < count; ++i) sum[i] += factor * power[i];
  }
  return sum;
}

/// What the window would have smeared from below the wall filter's corner into the rows that are seen whole:
/// the filter took it before the window could. In rows of mean density, and those times rows from zero.
Sums spillOf(double edgeRows, double meanShare, const DirectionAxis& axis) {
  const double corner = axis.wallFilterRows;
  if (corner >= edgeRows) return {};
  // Beyond a step the window shows a ramp of one resolution, from a half to nothing: the variance of the
  // spectrum of a Hann window.
  const auto beyond = [&](double stepRows) {
    const double length = std::max(0.0, axis.windowRows - (axis.wholeRows - stepRows));
    const double power = length * length / (4 * axis.windowRows);
    return Sums{power, power * (axis.wholeRows + length / 3)};
  };
  const double power = 1 / meanShare - 1;  // 2 / n
  const double density = power * std::pow(1 - corner / edgeRows, power - 1);
  const Sums ofCorner = beyond(corner);
  const Sums ofZero = beyond(0);
  return {density * (ofCorner.power - ofZero.power), density * (ofCorner.moment - ofZero.moment)};
}

/// What the wall filter and the painted baseline hide of one direction, by the power `seen` beyond them:
/// never more than twenty times that. `way`: 1 forward, -1 reverse.
Sums hiddenOf(std::span<const float> power, double noise, double seen, double edgeCmPerS, double meanShare,
              int way, const DirectionAxis& axis) {
  const int first = std::max(0, axis.lastWhole + 1);
  const int end = std::min(axis.size, axis.firstWhole);
  if (first >= end || seen <= 0 || way * edgeCmPerS <= 0) return {};
  const auto count = static_cast<std::size_t>(end - first);
  const auto beside = static_cast<std::size_t>(kBesideWindows * axis.windowRows);
  const double edgeRows = way * edgeCmPerS / axis.stepCmPerS;
  const double firstRow = way * ((way > 0 ? first : end - 1) + 0.5 - axis.zeroIndex);
  const auto band = bandAroundZero(edgeRows, meanShare, firstRow, count + beside, axis.windowRows);
  Sums hidden;
  for (std::size_t i = 0; i < count; ++i) {
    hidden.power += band[i];
    hidden.moment += band[i] * way * (firstRow + static_cast<double>(i)) * axis.stepCmPerS;
  }
  const Sums spill = spillOf(edgeRows, meanShare, axis);
  hidden.power += spill.power;
  hidden.moment += spill.moment * way * axis.stepCmPerS;
  const double rowsSeen = std::max(edgeRows - hidden.power, kLeastSeen * edgeRows);
  double share = 1 / rowsSeen;
  if (firstRow + static_cast<double>(count + beside) < edgeRows) {
    // A jet, a plug or a string moves without anything slow beside it, and hides nothing.
    const double expected =
        std::accumulate(band.begin() + static_cast<std::ptrdiff_t>(count), band.end(), 0.0);
    const int from = way > 0 ? end : first - static_cast<int>(beside);
    const double found = sumOver(power, noise, from, from + static_cast<int>(beside), axis).power;
    share *= std::min(1.0, kMostOverBeside * found / seen * rowsSeen / expected);
  }
  return {hidden.power * share, hidden.moment * share};
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
/// of n looks is (1 + 1/n) times its square. What is painted or echoes in hidden rows is in neither sum; what
/// stands for them (`above`, `below`: by the power seen) follows the rows that are seen.
Speckle speckleOf(std::span<const float> power, double looks, double meanCmPerS, IndexRange rows,
                  const Sums& above, const Sums& below, const DirectionAxis& axis) {
  Speckle speckle;
  for (int i = std::max(-axis.wrapRows, rows.begin); i < std::min(axis.size + axis.wrapRows, rows.end); ++i) {
    if (i > axis.lastWhole && i < axis.firstWhole) continue;
    const int at = placeOf(i, axis);
    if (at < 0 || at >= axis.size) continue;
    const Sums& hidden = i < axis.firstWhole ? below : above;
    const double share = 1 + hidden.power;
    const double apart = (i + 0.5 - axis.zeroIndex) * axis.stepCmPerS + hidden.moment - share * meanCmPerS;
    const double square =
        static_cast<double>(power[static_cast<std::size_t>(at)]) * power[static_cast<std::size_t>(at)];
    speckle.variance += apart * apart * square;
    speckle.bias -= share * apart * square;
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
  Sums above;
  Sums below;
  if (envelope.forward)
    above = hiddenOf(power, noise, up.power, envelope.forwardCmPerS, envelope.forwardMeanShare, 1, axis);
  if (envelope.reverse)
    below = hiddenOf(power, noise, down.power, envelope.reverseCmPerS, envelope.reverseMeanShare, -1, axis);
  const Sums middle{above.power * up.power + below.power * down.power,
                    above.moment * up.power + below.moment * down.power};
  const double total = up.power + down.power + middle.power;
  if (total <= 0) return moments;
  // Near zero the edges' smear and the noise of a few rows may carry it past an envelope that ends close by;
  // a mean beyond the fastest blood of either direction cannot be.
  const double quotient = (up.moment + down.moment + middle.moment) / total;
  const Speckle speckle = speckleOf(power, looks, quotient, signalRows, above, below, axis);
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
