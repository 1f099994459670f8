/// Checks of the velocities in /doppler, among themselves and against their axis.
#pragma once

#include "pipeline/dataset/verify_layout.h"

namespace soleus {

/// Signs of the directions, velocities within reach of the axis, the peak that of a direction, and the mean
/// between the directions' envelopes.
void checkVelocities(Examination& examination);

}  // namespace soleus
