/// The picture by which a person checks a calibration.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "pipeline/core/calibration.h"

namespace soleus {

/// A number that was read beside an axis.
struct NumberRead {
  double row = 0;  ///< of the picture, continuous: where it stands
  double value = 0;
};

/// `bgr` (CV_8UC3, as large as the profile's screen) with everything outside of the profile's regions black:
/// there stands the patient's name. Drawn in: the regions, the baseline, velocities, a bar of time and a
/// ruler of depth, all as the profile has them; and `velocities`, as they were read, each at its row. Below
/// it the numbers in words, and each of `notes`. Small pictures are enlarged. The result is CV_8UC3.
cv::Mat checkPicture(const cv::Mat& bgr, const CalibrationProfile& profile,
                     const std::vector<NumberRead>& velocities, const std::vector<std::string>& notes);

}  // namespace soleus
