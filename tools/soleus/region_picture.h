/// The picture by which a person checks a calibration.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "pipeline/core/calibration.h"

namespace soleus {

/// `rgb` (CV_8UC3, red, green, blue, as large as the profile's screen) with everything outside of the
/// profile's regions black: there stands the patient's name. Drawn in: the regions, the baseline, velocities,
/// a bar of time and a ruler of depth. Below it the numbers in words, and each of `notes`. Small pictures are
/// enlarged. The result is CV_8UC3, blue, green, red.
cv::Mat regionPicture(const cv::Mat& rgb, const CalibrationProfile& profile,
                      const std::vector<std::string>& notes);

}  // namespace soleus
