/// Quantiles of the distributions that confidence intervals are made of: the only place that knows
/// Boost.Math.
#pragma once

namespace soleus {

/// All take a probability in (0, 1) and degrees of freedom > 0 that need not be whole. NaN for anything else,
/// and where the quantile cannot be found.
double studentQuantile(double probability, double freedom);
double chiSquaredQuantile(double probability, double freedom);
double fisherQuantile(double probability, double freedomAbove, double freedomBelow);
/// Of (Z + shift) / sqrt(chi squared / freedom), Z standard normal.
double shiftedStudentQuantile(double probability, double freedom, double shift);

}  // namespace soleus
