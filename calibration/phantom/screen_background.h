/// What of the screen stands still, drawn: header with the made-up identity, scales with their numbers,
/// settings.
#pragma once

#include <opencv2/core/mat.hpp>

#include "calibration/phantom/scenario.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// The screen as I420 (CV_8UC1, height * 3/2 rows), limited range BT.709. The measured regions are black; no
/// text or tick reaches into them.
cv::Mat screenBackground(const Scenario& scenario, const CalibrationProfile& profile);

}  // namespace soleus
