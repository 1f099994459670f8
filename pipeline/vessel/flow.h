/// Volume flow from the mean velocity of the spectrum and the area of the lumen.
#pragma once

#include <deque>

#include "pipeline/core/measurement.h"
#include "pipeline/core/time.h"

namespace soleus {

/// An area further than this from a velocity says nothing about it: a contracting calf empties its veins
/// within 0.2 to 0.3 s.
inline constexpr Span kOldestArea{200'000'000};

/// Knows the lumen's area over the last seconds. State between frames: one thread at a time.
class FlowMeter {
 public:
  /// Samples in order of time; one that is not later than the one before is ignored. NaN areas are allowed
  /// and mean that the lumen was not seen.
  void push(const VesselSample& sample);

  /// mL/min: mean velocity x area, the area interpolated between the samples on either side of `time`, or the
  /// nearest one's where there is only one side; samples more than kOldestArea away don't count. NaN where
  /// velocity or area is unknown.
  [[nodiscard]] float volumeFlowMlPerMin(float meanCmPerS, SessionTime time) const;

  /// Area in mm2 at `time`; NaN where it is unknown.
  [[nodiscard]] double areaMm2At(SessionTime time) const;

 private:
  std::deque<VesselSample> samples_;  // those with a known area
};

}  // namespace soleus
