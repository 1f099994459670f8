/// The cumulative power from zero velocity outward, on which several estimators look for the end of the
/// signal.
#pragma once

#include <span>
#include <vector>

#include "pipeline/doppler/envelope_band.h"

namespace soleus {

/// Power summed from zero outward: length power.size() + 1, [i] is the power of all rows before row i.
std::vector<double> cumulativePower(std::span<const float> power);

/// The row of `band` with the highest power; `band` is not empty.
int spectralPeak(std::span<const float> power, RowRange band);

/// Where `cumulative` lies highest above the chord from the boundary `begin` to its end: the boundary of rows
/// at which the signal's steep rise passes into the gentle one of the noise. `begin` if it lies nowhere
/// above.
int knee(std::span<const double> cumulative, int begin);

}  // namespace soleus
