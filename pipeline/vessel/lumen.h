/// The vein's lumen in one B-mode picture.
#pragma once

#include <opencv2/core/mat.hpp>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"

namespace soleus {

/// Diameter and area of the dark lumen nearest the middle of the picture (CV_8UC1, the calibrated B-mode
/// region). NaN with confidence 0 where none is found. A pure function: same picture, same bits.
VesselSample measureLumen(const cv::Mat& bmode, const BmodeCalibration& calibration, SessionTime time);

}  // namespace soleus
