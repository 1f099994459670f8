/// One video frame, reduced to what is measured: the rest of the screen never enters the library.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

#include "pipeline/core/time.h"

namespace soleus {

/// Regions of one frame as full-range grey (0 black, 255 white). Owns its pixels.
struct Frame {
  std::uint64_t sequence = 0;  ///< counts every frame the source delivered, dropped ones included
  SessionTime time;            ///< presentation time of the frame
  cv::Mat doppler;             ///< CV_8UC1, the profile's doppler.region; empty if it has none
  cv::Mat bmode;               ///< CV_8UC1, the profile's bmode.region; empty if it has none
};

}  // namespace soleus
