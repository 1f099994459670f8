/// The frames of a video file as colour pictures, one after the other.
#pragma once

#include <functional>
#include <opencv2/core/mat.hpp>
#include <string>

#include "pipeline/core/result.h"
#include "pipeline/core/time.h"

namespace soleus {

/// What gets a frame: CV_8UC3 (blue, green, red), valid during the call alone, and its time since the first.
using FrameTaker = std::function<void(const cv::Mat& bgr, SessionTime time)>;

/// Decodes the first `durationS` of the video at `path`; `take` is called on a streaming thread, a frame at a
/// time. Errors (kBadInput): not a video, no frames.
Status readFrames(const std::string& path, double durationS, const FrameTaker& take);

}  // namespace soleus
