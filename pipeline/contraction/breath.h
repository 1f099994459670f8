/// How breathing moves the resting flow.
#pragma once

#include "pipeline/contraction/velocity_course.h"

namespace soleus {

/// Seconds from breath to breath in a stretch of rest, by the autocorrelation of its velocity; NaN where it
/// shows none, or is shorter than two breaths. Breathing moves the flow of a leg's vein by some two thirds
/// (Willeput et al., J Appl Physiol 1984), so that a baseline has to span whole breaths.
double breathPeriodS(const VelocityCourse& course, double fromS, double toS);

}  // namespace soleus
