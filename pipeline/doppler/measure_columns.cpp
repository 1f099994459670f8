#include "pipeline/doppler/measure_columns.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/doppler/brief_noise.h"
#include "pipeline/doppler/envelope_directions.h"
#include "pipeline/doppler/mean_velocity.h"
#include "pipeline/doppler/noise_floor.h"
#include "pipeline/doppler/power.h"
#include "pipeline/doppler/wall_echo.h"

namespace soleus {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// Below 3 dB the half-power point of the edge lies within the noise's own fluctuations.
constexpr double kLowSnrDb = 3.0;

// An envelope around less signal than noise was drawn by a spike of noise.
constexpr double kNoiseAloneDb = 0.0;

// One pixel in twenty at full white biases the mean power by more than the noise of the speckle.
constexpr double kClippedShare = 0.05;

// The floor of single blocks varies by some 10 % and the lowest of many lies that much below the mean: beyond
// this, flow fills the block's axis and hides its noise.
constexpr double kHiddenOverFloor = 1.4;

std::unique_ptr<EnvelopeEstimator> makeEstimator(const std::string& name) {
  if (name == "half_power") return makeHalfPowerEstimator();
  if (name == "mtcm") return makeThresholdEstimator();
  if (name == "percentile") return makePercentileEstimator();
  if (name == "mgm") return makeGeometricEstimator();
  if (name == "snsi") return makeSlopeIntersectionEstimator();
  if (name == "dynamic_programming") return makeDynamicProgrammingEstimator();
  assert(name == "edge_fit");
  return makeEdgeFitEstimator();
}

int saturated(const std::vector<std::uint8_t>& grey, IndexRange range) {
  int count = 0;
  const int size = static_cast<int>(grey.size());
  for (int i = std::max(0, range.begin); i < std::min(size, range.end); ++i)
    count += grey[static_cast<std::size_t>(i)] == 255 ? 1 : 0;
  return count;
}

bool isClipped(const std::vector<std::uint8_t>& grey, const ColumnEnvelope& envelope) {
  const int rows = envelope.forwardRange.end - envelope.forwardRange.begin + envelope.reverseRange.end -
                   envelope.reverseRange.begin;
  return saturated(grey, envelope.forwardRange) + saturated(grey, envelope.reverseRange) >
         kClippedShare * rows;
}

/// The rows between the envelopes of all columns that are averaged around `centre`: where velocity changes
/// fast, the average shows flow well beyond the envelope of its middle.
IndexRange averagedRows(const std::vector<ColumnEnvelope>& envelopes, int centre, int reach) {
  const ColumnEnvelope& middle = envelopes[static_cast<std::size_t>(centre)];
  IndexRange rows{middle.reverseRange.begin, middle.forwardRange.end};
  const int end = std::min(static_cast<int>(envelopes.size()), centre + reach + 1);
  for (int other = std::max(0, centre - reach); other < end; ++other) {
    const ColumnEnvelope& envelope = envelopes[static_cast<std::size_t>(other)];
    if (middle.reverse && envelope.reverse) rows.begin = std::min(rows.begin, envelope.reverseRange.begin);
    if (middle.forward && envelope.forward) rows.end = std::max(rows.end, envelope.forwardRange.end);
  }
  return rows;
}

/// `hiddenCmPerS`: corner of the wall filter. Slower flow is seen by its flank alone: not to be trusted.
void setVelocities(const ColumnEnvelope& envelope, const SpectralMoments& moments, double hiddenCmPerS,
                   DopplerColumn& column) {
  column.peakForwardCmPerS = static_cast<float>(envelope.forwardCmPerS);
  column.peakReverseCmPerS = static_cast<float>(envelope.reverseCmPerS);
  const bool isForward = moments.forwardPower >= moments.reversePower;
  column.peakCmPerS = isForward ? column.peakForwardCmPerS : column.peakReverseCmPerS;
  column.peakUncertaintyCmPerS =
      static_cast<float>(std::sqrt(isForward ? envelope.forwardVariance : envelope.reverseVariance));
  column.meanCmPerS = static_cast<float>(moments.meanCmPerS);
  column.meanUncertaintyCmPerS = static_cast<float>(std::sqrt(moments.meanVariance));
  column.meanHiddenCmPerS = static_cast<float>(moments.hiddenCmPerS);
  column.snrDb = static_cast<float>(moments.snrDb);
  if (envelope.aliased) column.quality |= kAliased;
  const double fastest = std::max(envelope.forwardCmPerS, -envelope.reverseCmPerS);
  if (moments.snrDb < kLowSnrDb || fastest < hiddenCmPerS) column.quality |= kLowSnr;
  if (isClipped(column.grey, envelope)) column.quality |= kClipped;
}

void setUnknown(float hiddenCmPerS, DopplerColumn& column) {
  column.peakCmPerS = column.peakForwardCmPerS = column.peakReverseCmPerS = kUnknown;
  column.meanCmPerS = column.snrDb = kUnknown;
  column.peakUncertaintyCmPerS = column.meanUncertaintyCmPerS = kUnknown;
  column.meanHiddenCmPerS = hiddenCmPerS;
}

}  // namespace

std::vector<std::string> estimatorNames() {
  return {"edge_fit", "half_power", "mtcm", "percentile", "mgm", "snsi", "dynamic_programming"};
}

std::vector<DopplerColumn> measureColumns(const StripBlock& block, const DopplerCalibration& given,
                                          const MeasureOptions& options) {
  DopplerCalibration calibration = given;
  if (!calibration.spectralWindowS && block.spectralWindowS > 0)
    calibration.spectralWindowS = block.spectralWindowS;
  const auto estimator = makeEstimator(options.estimator);
  const DirectionAxis axis = directionAxis(calibration);
  cv::Mat power = powerColumns(block, calibration);
  const double own = noiseFloor(power);
  const double noise =
      block.noiseFloor > 0 && own > kHiddenOverFloor * block.noiseFloor ? block.noiseFloor : own;
  const std::vector<float> weights = temporalWeights(calibration.secondsPerPixel);
  const double perColumn = looksPerColumn(calibration);
  quietWalls(power, noise, calibration.secondsPerPixel, perColumn, axis);

  std::vector<ColumnEnvelope> envelopes =
      traceEnvelopes(power, noise, perColumn, calibration.secondsPerPixel, axis, *estimator);
  takeBackBriefNoise(envelopes, calibration.secondsPerPixel, axis);

  std::vector<DopplerColumn> columns(block.time.size());
  for (std::size_t n = 0; n < columns.size(); ++n) {
    const int inBlock = block.leftContext + static_cast<int>(n);
    DopplerColumn& column = columns[n];
    column.time = block.time[n];
    column.quality = block.quality[n];
    column.volumeFlowMlPerMin = kUnknown;
    column.grey.resize(static_cast<std::size_t>(axis.size));
    for (int i = 0; i < axis.size; ++i) {
      column.grey[static_cast<std::size_t>(i)] =
          block.grey.at<std::uint8_t>(rowOfAxisIndex(calibration, i), inBlock);
    }

    const SmoothColumn smooth = smoothedColumn(power, inBlock, weights, perColumn);
    const ColumnEnvelope& envelope = envelopes[static_cast<std::size_t>(inBlock)];
    const IndexRange signalRows = averagedRows(envelopes, inBlock, static_cast<int>(weights.size()) - 1);
    const SpectralMoments moments =
        spectralMoments(smooth.power, smooth.looks, noise, envelope, signalRows, axis);
    const double hiddenCmPerS = axis.wallFilterRows * axis.stepCmPerS;
    if (envelope.unresolved) {
      setUnknown(kUnknown, column);
      column.quality |= kAliased;
    } else if (moments.snrDb > kNoiseAloneDb) {
      setVelocities(envelope, moments, hiddenCmPerS, column);
    } else {
      // Blood may flow all the same, as fast as the wall filter hides.
      setUnknown(static_cast<float>(hiddenCmPerS), column);
      column.quality |= kLowSnr;
    }
  }
  return columns;
}

}  // namespace soleus
