/// What of the screen stands still: header with the made-up identity, scales with their numbers, settings.
#pragma once

#include <opencv2/core/mat.hpp>

#include "calibration/phantom/scenario.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// The screen as I420 (CV_8UC1, height * 3/2 rows), limited range BT.709. The measured regions are black; no
/// text or tick reaches into them. Ticks: velocity on the strip's right, time below it, depth on the right of
/// the B-mode picture; each tick's middle row or column is the place of its number.
cv::Mat screenBackground(const Scenario& scenario, const CalibrationProfile& profile);

/// A round step (1, 2 or 5 times a power of ten) that divides `range` into at most `mostSteps`.
double roundStep(double range, int mostSteps);

}  // namespace soleus
