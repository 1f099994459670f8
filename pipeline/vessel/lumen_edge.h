/// Grey along one line of pixels that runs from the lumen into the tissue.
#pragma once

#include <opencv2/core/mat.hpp>
#include <span>

namespace soleus {

/// Fills `profile` with the grey of `picture` (CV_8UC1 of at least 2 x 2 pixels) at `from`, `from + step`,
/// and so on, in continuous coordinates, bilinear; the border's value outside.
void greyAlong(const cv::Mat& picture, cv::Point2f from, cv::Point2f step, std::span<float> profile);

/// Whether grey levels of lumen and tissue are far enough apart for a wall to be seen.
bool hasContrast(double lumenGrey, double tissueGrey);

}  // namespace soleus
