/// Where a strip ends against a panel of another grey.
#pragma once

#include <opencv2/core/types.hpp>
#include <optional>

#include "calibration/screen/screen_statistics.h"

namespace soleus {

/// The rows of the strip round `core` as far as its ground, black, meets a brighter panel that stands still,
/// above and below, within `room`. Codecs smear faint noise over the strip's edge, but not the panel's.
/// Nothing unless noise moves all the way there: the strip may end before its ground does.
std::optional<cv::Range> rowsWithinPanel(const ScreenPicture& picture, const cv::Rect& core,
                                         const cv::Rect& room);

}  // namespace soleus
