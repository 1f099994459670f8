/// Checks of the velocities in /doppler, among themselves and against their axis.
#pragma once

#include <vector>

#include "pipeline/dataset/verify_layout.h"

namespace soleus {

/// Signs of the directions, velocities within reach of the axis, the peak that of a direction, and the mean
/// between the directions' envelopes.
void checkVelocities(Examination& examination);

/// The rules themselves. By how much a mean may lie beyond the envelopes on that axis (two values or more):
double meanSlackCmPerS(const std::vector<double>& axisCmPerS);
bool peakIsOfADirection(double peak, double forward, double reverse);
bool meanIsWithin(double mean, double forward, double reverse, double slack);

}  // namespace soleus
