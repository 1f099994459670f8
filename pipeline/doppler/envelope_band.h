/// What the envelope estimators share: finding the stretch of rows that stands out of the noise.
#pragma once

#include <optional>
#include <span>

#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {

/// Rows [begin, end) of one direction of a spectrum.
struct RowRange {
  int begin = 0;
  int end = 0;
  [[nodiscard]] int length() const { return end - begin; }
};

/// The contiguous rows with the largest sum of (power - threshold), each row's power cut at twice the
/// threshold (Kadane's maximum-sum subarray). A hole of speckle within the signal is bridged; a blob of noise
/// or a bright marker is not, unless the gap is shorter than itself. Empty if no row is above the threshold.
RowRange bandAbove(std::span<const float> power, double threshold);

/// The band of significant signal in `spectrum` (bandAbove at the level that noise rarely reaches); empty
/// where there is only noise. A band that stands apart from zero velocity must reach higher: nothing but its
/// power speaks for it.
RowRange significantBand(const DirectionSpectrum& spectrum);

/// Continuous row at which the power falls through `threshold` at the end of `band`, interpolated between the
/// centres of the last row above and the first row below it; power.size() if the band reaches the end.
double fallingCrossing(std::span<const float> power, RowRange band, double threshold);

}  // namespace soleus
