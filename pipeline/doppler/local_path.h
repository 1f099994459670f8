/// Smoothing of a noisy path over time without flattening its tops.
#pragma once

#include <vector>

namespace soleus {

/// Value at each index of the parabola fitted to its neighbours, by weighted least squares with Gaussian
/// weights of `sd` indices and two rounds of Tukey's biweight against outliers (Cleveland, J Am Stat Assoc
/// 1979), whose cut-off is at least `tolerance`: a steep flank of few values beside a calm stretch is no
/// outlier. `path`: NaN where there is no value; it has no weight then, and the result is NaN only where no
/// value is near.
std::vector<double> smoothPath(const std::vector<double>& path, double sd, double tolerance);

/// The path without values that lie further than `tolerance` from the running median over `reach` indices to
/// either side: NaN there. A stretch of outliers as long as `reach` is recognised.
std::vector<double> withoutOutliers(const std::vector<double>& path, int reach, double tolerance);

}  // namespace soleus
