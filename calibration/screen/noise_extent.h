/// How far a strip reaches whose noise is darker than black but for its brightest speckles.
#pragma once

#include <opencv2/core/types.hpp>
#include <optional>

#include "calibration/screen/screen_statistics.h"

namespace soleus {

/// Where noise moves.
struct NoiseExtent {
  cv::Rect box;
  int fewerRows = 0;  ///< by how many rows it may really be lower, where a codec smears its edges
  int moreRows = 0;   ///< and higher
};

/// The rectangle round `core`, a part of the strip that moves plainly, in which faint noise moves. Nothing
/// outside `room` is looked at. Noise tells itself from flow by being as strong at the first rows as at the
/// last, and hardly stronger further in (at one of them far in), and by ending within a row or two: flow
/// thins out. Nothing where it does not. Its columns are good to two pixels.
std::optional<NoiseExtent> noiseExtent(const ScreenPicture& picture, const cv::Rect& core,
                                       const cv::Rect& room);

}  // namespace soleus
