/// Checks of times against the session clock and against each other.
#pragma once

#include "pipeline/dataset/verify_layout.h"

namespace soleus {

/// No measurement, event, sample or gap lies before 0, the session's first sample, by more than a spectral
/// column.
void checkSessionClock(Examination& examination);

/// /flow/time is /doppler/time.
void checkFlowTimes(Examination& examination);

/// Each value is at least the one before; equal ones pass.
void checkNotBackwards(Examination& examination, const std::string& path);

}  // namespace soleus
