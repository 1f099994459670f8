/// Where a trace leaves its rest: the common beginning of flash and pulse detection.
#pragma once

#include <cstddef>
#include <vector>

namespace soleus {

/// Sampled values with their times (s, ascending, as many).
struct SampledTrace {
  std::vector<double> timeS;
  std::vector<double> value;
};

struct StepEdge {
  std::size_t index = 0;  ///< the first sample after it, give or take `reach`
  double height = 0;      ///< mean of `reach` samples after it less that before; negative where it falls
};

/// Steps that stand out of the noise and lead away from the rest (the median of some seconds about them),
/// rising or falling, whichever the stronger ones do. `reach`: samples that are averaged on each side.
std::vector<StepEdge> edgesFromRest(const SampledTrace& trace, std::size_t reach);

/// Usual time between two samples; 0 of fewer than two.
double usualIntervalS(const SampledTrace& trace);

/// Median of values; they are reordered. 0 of none.
double medianOf(std::vector<double>& values);

}  // namespace soleus
