/// Where a burst begins and ends, and what it rises from.
#pragma once

#include "pipeline/contraction/find_bursts.h"
#include "pipeline/contraction/velocity_course.h"

namespace soleus {

/// Resting flow before a contraction; NaN where there was less than a second of it.
struct Baseline {
  double fromS = 0;
  double toS = 0;
  double velocityCmPerS = 0;  ///< mean of the maximum velocity
  double slowShare = 0;       ///< of its time in which the wall filter hid the blood
  double flowMlPerS = 0;      ///< NaN without a lumen
};

/// Over `spanS` (whole breaths) that end 0.2 s before the onset, but from `notBeforeS` on, when the
/// contraction before was over.
Baseline baselineBefore(const VelocityCourse& course, double onsetS, double notBeforeS, double spanS);

/// When the burst leaves what the blood did just before: the last moment before it rises at which it is not
/// faster than the mean of half a second by three standard deviations of it, but no more than 60 ms before a
/// tenth of the rise. Breathing is slower than that and delays nothing. Not before `notBeforeS`.
double onsetOf(const VelocityCourse& course, const FlowBurst& burst, double notBeforeS);

/// The top of a burst: of a parabola through the columns about the fastest, without those that lie far off
/// their neighbours; the fastest itself where columns are missing on a side of it.
struct Top {
  double timeS = 0;
  double velocityCmPerS = 0;
};
Top topOf(const VelocityCourse& course, const FlowBurst& burst);

struct End {
  double timeS = 0;
  bool isSeen = false;  ///< false: the flow had not come back by then
};
/// When the flow has come back to `baselineCmPerS`, or to zero if that is unknown or lower, after `fromS`; at
/// the latest `notAfterS`.
End endOf(const VelocityCourse& course, double fromS, double baselineCmPerS, double notAfterS);

}  // namespace soleus
