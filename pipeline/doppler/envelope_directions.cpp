#include "pipeline/doppler/envelope_directions.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/doppler/aliasing.h"
#include "pipeline/doppler/power.h"

namespace soleus {
namespace {

// Painted baselines are 1 to 3 px thick; a codec's blur adds one on either side.
constexpr double kBaselineHalfThicknessRows = 2.5;

// A filter of second order passes 94 % of the power at twice its -3 dB corner, a steeper one more.
constexpr double kWholeCorners = 2.0;

// Where neither transmit nor pulse repetition frequency is known: 100 Hz of the 4 to 5 kHz an axis usually
// spans.
constexpr double kWindowOfAxis = 0.022;

// A Hann window has fallen by 25 dB one and a half resolutions beyond an edge of the spectrum.
constexpr double kLeakageWindows = 1.5;

// Wall echoes fall evenly on both sides, within the speckle of some ten independent samples; the window
// smears less than a tenth of a flow's power across zero.
constexpr double kLeakageShare = 0.15;

// Of what stands around zero, one resolution to the other side is enough to tell its power.
constexpr double kAgainWindows = 1;

// A scale read off by hand is good to about this.
constexpr double kIntervalTolerance = 0.02;

double velocityOfHz(const DopplerCalibration& calibration, double frequencyHz) {
  const double cosine = std::cos(calibration.angleDegrees * std::numbers::pi / 180.0);
  return kSoundCmPerS * frequencyHz / (2.0 * *calibration.transmitFrequencyHz * cosine);
}

/// One direction of all columns, counted from zero outward.
struct SideRows {
  cv::Mat rows;
  int own =
      0;  ///< before the axis ends; behind them the far end of the other side, where faster flow wraps to
  int turn = 0;  ///< with that, up to what is hidden around zero
};

/// Behind a whole turn the rows that are hidden around zero, bridged, and own ones again: an edge that is
/// near can only be told with what it runs into.
SideRows side(const cv::Mat& power, int first, int step, const DirectionAxis& axis) {
  SideRows s;
  s.own = step > 0 ? power.cols - first : first + 1;
  s.turn = s.own;
  int count = s.own;
  if (axis.wrapRows > 0) {
    s.turn = std::max(s.own, axis.lastReverse - axis.firstForward + axis.wrapRows + 1);
    count = axis.wrapRows + std::min(s.own, static_cast<int>(kAgainWindows * axis.windowRows));
  }
  s.rows.create(power.rows, std::max(0, count), CV_32F);
  for (int column = 0; column < power.rows; ++column) {
    const float* from = power.ptr<float>(column);
    float* to = s.rows.ptr<float>(column);
    const auto seen = [&](int i) {
      const int at = first + step * (i < s.own ? i : i - axis.wrapRows);
      return from[std::clamp(at, 0, power.cols - 1)];
    };
    for (int i = 0; i < count; ++i) to[i] = seen(i);
    for (int i = s.turn; i < std::min(count, axis.wrapRows); ++i) {
      const auto share = static_cast<float>(i - s.turn + 1) / static_cast<float>(axis.wrapRows - s.turn + 1);
      to[i] = (1 - share) * seen(s.turn - 1) + share * seen(axis.wrapRows);
    }
  }
  return s;
}

/// Of a band's outer end in (cm/s)^2. A row is read to within its own width, evenly spread.
double varianceOf(const SignalBand& band, const DirectionAxis& axis) {
  return (band.outerVariance + 1.0 / 12) * axis.stepCmPerS * axis.stepCmPerS;
}

/// Row up to which a band is seen: at least as far as the window smears it.
double seenRows(const SignalBand& band, const DirectionAxis& axis) {
  return std::max(band.outer, axis.windowRows);
}

double energy(std::span<const float> power, const std::optional<SignalBand>& band, double noise,
              const DirectionAxis& axis) {
  double sum = 0;
  if (!band) return sum;
  const double end = seenRows(*band, axis);
  for (auto i = static_cast<std::size_t>(band->inner); i < power.size() && i + 0.5 < end; ++i) {
    sum += power[i] - noise;
  }
  return sum;
}

/// Whether `weak` is no more than what the window smears across zero from `strong`, or wall echo.
bool isLeakage(double weakEnergy, const SignalBand& weak, double strongEnergy, const SignalBand& strong,
               const DirectionAxis& axis) {
  if (weak.outer > axis.leakageRows) return false;
  return strong.outer > axis.leakageRows || weakEnergy < kLeakageShare * strongEnergy;
}

/// Whether both sides hold nothing but slow echoes of like power: walls that shake, beyond the filter's
/// corner.
bool isWallEcho(double weakEnergy, const SignalBand& weak, double strongEnergy, const SignalBand& strong,
                const DirectionAxis& axis) {
  return weak.outer <= axis.leakageRows && strong.outer <= axis.leakageRows &&
         weakEnergy >= kLeakageShare * strongEnergy;
}

}  // namespace

DirectionAxis directionAxis(const DopplerCalibration& calibration) {
  DirectionAxis axis;
  axis.size = calibration.region.height;
  axis.stepCmPerS = velocityStepCmPerS(calibration);
  const double lowest = velocityOfRow(calibration, rowOfAxisIndex(calibration, 0));
  axis.zeroIndex = 0.5 - lowest / axis.stepCmPerS;

  // Without the transmit frequency the pulse repetition frequency serves: the axis spans it once.
  const auto rowsOfHz = [&](double frequencyHz) {
    if (calibration.transmitFrequencyHz) return velocityOfHz(calibration, frequencyHz) / axis.stepCmPerS;
    return calibration.prfHz ? axis.size * frequencyHz / *calibration.prfHz : 0.0;
  };
  const bool hzKnown = calibration.transmitFrequencyHz || calibration.prfHz;
  axis.windowRows = hzKnown ? rowsOfHz(1.0 / spectralWindowS(calibration)) : axis.size * kWindowOfAxis;
  axis.leakageRows = static_cast<int>(std::lround(kLeakageWindows * axis.windowRows));

  if (calibration.transmitFrequencyHz && calibration.prfHz) {
    // Scanners draw one Nyquist interval, wherever the baseline lies. A region that shows less or more of it
    // does not tell what wraps to where.
    const double interval = rowsOfHz(*calibration.prfHz);
    if (std::abs(interval - axis.size) < kIntervalTolerance * axis.size)
      axis.wrapRows = static_cast<int>(std::lround(interval));
  }
  axis.wallFilterRows = rowsOfHz(calibration.wallFilterHz.value_or(0.0));
  const auto firstBeyond = [&](double rows) {
    return std::clamp(static_cast<int>(std::ceil(axis.zeroIndex + rows - 0.5)), 0, axis.size);
  };
  const auto lastBefore = [&](double rows) {
    return std::clamp(static_cast<int>(std::floor(axis.zeroIndex - rows - 0.5)), -1, axis.size - 1);
  };
  const double hiddenRows = std::max(kBaselineHalfThicknessRows, axis.wallFilterRows);
  axis.firstForward = firstBeyond(hiddenRows);
  axis.lastReverse = lastBefore(hiddenRows);
  axis.wholeRows = std::max(kBaselineHalfThicknessRows, kWholeCorners * axis.wallFilterRows);
  axis.firstWhole = firstBeyond(axis.wholeRows);
  axis.lastWhole = lastBefore(axis.wholeRows);
  return axis;
}

namespace {

/// Both sides of one column, averaged with its neighbours.
struct Sides {
  std::span<const float> up;
  std::span<const float> down;
};

ColumnEnvelope combine(const Sides& sides, std::optional<SignalBand> forward,
                       std::optional<SignalBand> reverse, double noise, const DirectionAxis& axis) {
  const auto up = sides.up;
  const auto down = sides.down;
  // What the stronger side smears across zero is no flow of the weaker one.
  const bool forwardStronger = energy(up, forward, noise, axis) >= energy(down, reverse, noise, axis);
  std::optional<SignalBand>& strong = forwardStronger ? forward : reverse;
  std::optional<SignalBand>& weak = forwardStronger ? reverse : forward;
  const double strongEnergy = std::max(energy(up, forward, noise, axis), energy(down, reverse, noise, axis));
  const double weakEnergy = std::min(energy(up, forward, noise, axis), energy(down, reverse, noise, axis));
  if (weak && strong && isWallEcho(weakEnergy, *weak, strongEnergy, *strong, axis)) {
    weak.reset();
    strong.reset();
  } else if (weak && strong && isLeakage(weakEnergy, *weak, strongEnergy, *strong, axis)) {
    weak.reset();
  }

  ColumnEnvelope envelope;
  envelope.forwardRange = {axis.firstForward, axis.firstForward};
  envelope.reverseRange = {axis.lastReverse + 1, axis.lastReverse + 1};
  if (forward) {
    envelope.forward = true;
    envelope.forwardCmPerS = (axis.firstForward + forward->outer - axis.zeroIndex) * axis.stepCmPerS;
    envelope.forwardVariance = varianceOf(*forward, axis);
    envelope.forwardMeanShare = forward->meanShare;
    envelope.forwardRange.begin += static_cast<int>(forward->inner);
    envelope.forwardRange.end += static_cast<int>(std::ceil(seenRows(*forward, axis)));
  }
  if (reverse) {
    envelope.reverse = true;
    envelope.reverseCmPerS = -(reverse->outer + axis.zeroIndex - axis.lastReverse - 1) * axis.stepCmPerS;
    envelope.reverseVariance = varianceOf(*reverse, axis);
    envelope.reverseMeanShare = reverse->meanShare;
    envelope.reverseRange.begin -= static_cast<int>(std::ceil(seenRows(*reverse, axis)));
    envelope.reverseRange.end -= static_cast<int>(reverse->inner);
  }
  return envelope;
}

enum class Aliasing { kNone, kResolved, kUnresolved };

/// Leaves of both bands what is flow: of `other` nothing that is the far end of `flow`, and neither where the
/// velocity cannot be told. `flow`: the faster one where `fast` knows one.
Aliasing settle(std::optional<SignalBand>& flow, int ownFlow, std::optional<SignalBand>& other, int ownOther,
                FastFlow fast, const DirectionAxis& axis) {
  const bool isFast = fast != FastFlow::kNone;
  if (isFast && other && flow && other->outer > ownOther - (flow->outer - ownFlow) - axis.leakageRows)
    other.reset();
  const bool endless = (flow && flow->reachesEnd) || (other && other->reachesEnd);
  if (endless || (isFast && !flow)) {
    flow.reset();
    other.reset();
    return Aliasing::kUnresolved;
  }
  return flow && flow->outer >= ownFlow ? Aliasing::kResolved : Aliasing::kNone;
}

}  // namespace

std::vector<ColumnEnvelope> traceEnvelopes(const cv::Mat& power, double noise, double looksPerColumn,
                                           double secondsPerColumn, const DirectionAxis& axis,
                                           const EnvelopeEstimator& estimator) {
  const SideRows up = side(power, axis.firstForward, 1, axis);
  const SideRows down = side(power, axis.lastReverse, -1, axis);
  const std::vector<float> weights = temporalWeights(secondsPerColumn);
  const SmoothColumns smoothUp = smoothedColumns(up.rows.colRange(0, up.turn), weights, looksPerColumn);
  const SmoothColumns smoothDown = smoothedColumns(down.rows.colRange(0, down.turn), weights, looksPerColumn);
  const std::vector<FastFlow> fast =
      fastFlow(smoothUp.power, smoothDown.power, noise, secondsPerColumn, axis);
  const auto traced = [&](const SideRows& s, const SmoothColumns& smooth, double hiddenRows, FastFlow way) {
    DirectionStrip strip{
        s.rows,         smooth,           s.own,           s.turn,     axis.wrapRows,      {}, noise,
        looksPerColumn, secondsPerColumn, axis.windowRows, hiddenRows, axis.wallFilterRows};
    for (const FastFlow flow : fast) strip.fast.push_back(flow == way);
    return estimator.trace(strip);
  };
  auto forward = traced(up, smoothUp, axis.firstForward - axis.zeroIndex, FastFlow::kForward);
  auto reverse = traced(down, smoothDown, axis.zeroIndex - axis.lastReverse - 1, FastFlow::kReverse);
  std::vector<ColumnEnvelope> envelopes;
  for (int column = 0; column < power.rows; ++column) {
    const auto c = static_cast<std::size_t>(column);
    const Aliasing aliasing = fast[c] == FastFlow::kReverse
                                  ? settle(reverse[c], down.own, forward[c], up.own, fast[c], axis)
                                  : settle(forward[c], up.own, reverse[c], down.own, fast[c], axis);
    const auto rowOf = [&](const cv::Mat& rows) {
      return std::span<const float>(rows.ptr<float>(column), static_cast<std::size_t>(rows.cols));
    };
    envelopes.push_back(
        combine({rowOf(smoothUp.power), rowOf(smoothDown.power)}, forward[c], reverse[c], noise, axis));
    envelopes.back().aliased = aliasing != Aliasing::kNone;
    envelopes.back().unresolved = aliasing == Aliasing::kUnresolved;
  }
  return envelopes;
}

}  // namespace soleus
