/// The picture by which a person checks a calibration.
#pragma once

#include <opencv2/core/mat.hpp>

#include "calibration/screen/screen_reading.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// The frame with everything outside the regions black (text there may be the patient's), enlarged until its
/// shorter side has some 1000 pixels, and over it: the regions, the velocity axis with its ticks and numbers
/// as they were understood, the baseline, a bar of one second, and the depth axis. CV_8UC3.
cv::Mat checkPicture(const cv::Mat& bgr, const CalibrationProfile& profile, const ScreenFindings& found);

}  // namespace soleus
