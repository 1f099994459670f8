/// The line that a scanner draws at velocity zero, in spectra that were read off its screen.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

namespace soleus {

/// Where along the velocity axis a single line runs through nearly all columns: continuous, index i covers
/// [i, i + 1). `grey`: CV_8U, a row for each column of the strip, at least some hundred; rows of the strip
/// along it. Nothing where none is drawn, or several are.
std::optional<double> drawnZeroLine(const cv::Mat& grey);

}  // namespace soleus
