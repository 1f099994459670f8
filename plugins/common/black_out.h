/// Makes a picture black outside of regions: what a scanner prints there is the patient's.
#pragma once

#include <gst/video/video.h>

#include <vector>

#include "pipeline/core/calibration.h"

namespace soleus {

/// Blackens a frame that is mapped for writing (one of SOLEUS_VIDEO_FORMATS) but for `kept`, regions within
/// it. Where the format has fewer samples of colour than of light, that of a kept region's edge goes up to
/// three pixels beyond it; of light, which shows writing, nothing does.
void blackOut(GstVideoFrame& frame, const std::vector<Region>& kept);

}  // namespace soleus
