/// The grey behind a spectrum's map, which a scanner may tint.
#pragma once

#include <gst/video/video.h>

#include <opencv2/core/mat.hpp>

#include "pipeline/core/calibration.h"

namespace soleus {

/// Copies `region` of a mapped frame into a new CV_8UC1 picture, full range, just as greyOfRegion() does
/// where the map is grey, coloured marks aside. Where it is tinted, each pixel is the largest of R, G and B:
/// a tint darkens two of them and leaves the third as the grey was, while luma is bent by a tint that turns
/// white at its top, and is nearly gone in blue. Maps that go through several hues (heat, rainbow) have no
/// such component and are read wrongly either way.
/// `tinted` belongs to the stream, false before its first frame: it becomes true with the first strip that
/// shows enough to tell, and stays, so that a strip that shows little is not read otherwise than its like.
cv::Mat greyOfMap(const GstVideoFrame& frame, const Region& region, bool& tinted);

}  // namespace soleus
