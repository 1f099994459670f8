/// Where a burst begins and ends, and what it rises from.
#pragma once

#include "pipeline/contraction/find_bursts.h"
#include "pipeline/contraction/velocity_course.h"

namespace soleus {

/// Resting flow before a contraction; NaN where there was too little of it.
struct Baseline {
  double fromS = 0;
  double toS = 0;
  double velocityCmPerS = 0;  ///< mean of the maximum velocity
  double flowMlPerS = 0;      ///< NaN without a lumen
};

/// Over `spanS` (whole breaths) that end 0.2 s before the onset, but from `notBeforeS` on, when the
/// contraction before was over.
Baseline baselineBefore(const VelocityCourse& course, double onsetS, double notBeforeS, double spanS);

/// When the burst leaves what the blood did just before: the last moment before it rises at which it is not
/// faster than the mean of half a second by three standard deviations of it, but no more than 60 ms before a
/// tenth of the rise. Breathing is slower than that and delays nothing. Not before `notBeforeS`.
double onsetOf(const VelocityCourse& course, const Burst& burst, double notBeforeS);

/// The top of a burst: of a parabola through the columns about the fastest, which a single noisy one does not
/// move.
struct Top {
  double timeS = 0;
  double velocityCmPerS = 0;
};
Top topOf(const VelocityCourse& course, const Burst& burst);

/// When the flow has come back to `baselineCmPerS`, or to zero if that is unknown or lower: at the latest
/// `notAfterS`.
double endOf(const VelocityCourse& course, double peakS, double baselineCmPerS, double notAfterS);

}  // namespace soleus
