/// One video frame or block of samples, reduced to what is measured: the rest of the screen never enters the
/// library.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/core/measurement.h"
#include "pipeline/core/sample_block.h"
#include "pipeline/core/time.h"

namespace soleus {

/// Regions of one frame as full-range grey (0 black, 255 white), or the samples of one block. Owns its data.
struct Frame {
  std::uint64_t sequence = 0;      ///< counts every frame the source delivered, dropped ones included
  SessionTime time;                ///< presentation time of the frame, or of the block's first sample
  cv::Mat doppler;                 ///< CV_8UC1, the profile's doppler.region; empty if it has none
  cv::Mat bmode;                   ///< CV_8UC1, the profile's bmode.region; empty if it has none
  SampleBlock samples = {};        ///< of a Doppler signal; empty where the source is a screen
  std::vector<Event> events = {};  ///< noticed as it was read: they go out with its result
};

}  // namespace soleus
