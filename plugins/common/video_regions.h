/// The measured regions of a video frame as full-range grey: nothing else of the picture is touched or kept.
#pragma once

#include <gst/video/video.h>

#include <opencv2/core/mat.hpp>

#include "pipeline/core/calibration.h"

namespace soleus {

/// Copies `region` of a mapped frame (one of SOLEUS_VIDEO_FORMATS) into a new CV_8UC1 picture. Limited-range
/// luma is stretched to 0..255 as the caps' colorimetry says; RGB becomes luma by its usual weights.
cv::Mat greyOfRegion(const GstVideoFrame& frame, const Region& region);

}  // namespace soleus
