/// How the resting flow comes back after a contraction.
#pragma once

#include "pipeline/contraction/velocity_course.h"

namespace soleus {

/// What rest is like.
struct RestingFlow {
  double velocityCmPerS = 0;  ///< mean of the maximum velocity; NaN unknown
  double breathPeriodS = 0;   ///< NaN unknown
  double breathShare = 0;     ///< standard deviation of the velocity over its mean
};

/// When 95 % of the resting flow is back: v(t) = rest (1 + breath) (1 - exp(-(t - t0)/tau)) is fitted from
/// `fromS`, when the ejection and a reflux are over, to `nextS`, with the breath's size and phase as they
/// come. NaN if that lies beyond `nextS`, if rest is unknown, or if the flow does not come back like that.
double refilledS(const VelocityCourse& course, double fromS, double nextS, const RestingFlow& rest);

}  // namespace soleus
