/// The noise floor of a stretch of the spectrum.
#pragma once

#include <opencv2/core/mat.hpp>

namespace soleus {

/// Mean noise power per row, from the quietest bands of the velocity axis. `power`: CV_32F, a row for each
/// column of the strip. Noise hidden below the display's black gives the power of black, the most it can be.
/// It reads high where signal fills more than three quarters of the axis.
double noiseFloor(const cv::Mat& power);

}  // namespace soleus
