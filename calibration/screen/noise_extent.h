/// How far a strip reaches whose noise is darker than black but for its brightest speckles.
#pragma once

#include <opencv2/core/types.hpp>
#include <optional>

#include "calibration/screen/screen_statistics.h"

namespace soleus {

/// The rectangle round `core`, a part of the strip that moves plainly, in which faint noise moves. Nothing
/// outside `room` is looked at. Noise tells itself from flow by being as strong at the first rows as at the
/// last, and hardly stronger further in (at one of them far in), and by ending within a row or two: flow
/// thins out. Nothing where it does not. Good to two pixels: a codec smears edges.
std::optional<cv::Rect> noiseExtent(const ScreenPicture& picture, const cv::Rect& core, const cv::Rect& room);

}  // namespace soleus
