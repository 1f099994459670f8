/// Smoothing of a noisy path over time without flattening its tops.
#pragma once

#include <vector>

namespace soleus {

/// Value at each index of the parabola fitted to its neighbours, by weighted least squares with Gaussian
/// weights of `sd` indices and two rounds of Tukey's biweight against outliers (Cleveland, J Am Stat Assoc
/// 1979). `path`: NaN where there is no value; stretches of NaN separate nothing, they have no weight. The
/// result is NaN where `path` is.
std::vector<double> smoothPath(const std::vector<double>& path, double sd);

}  // namespace soleus
