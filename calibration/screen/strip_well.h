/// The dark rectangle with edges of its own in which a strip lies.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

namespace soleus {

struct StripWell {
  cv::Rect box;
  bool toThePixel = false;  ///< ends at a panel; a frame may stand a pixel off
};

/// A strip whose noise is black shows where it ends all the same, if a frame is drawn round it or the panel
/// about it is brighter. `mean`: CV_8UC1 as of ScreenPicture; `core`: what of the strip moves; `room`: where
/// it may reach. Nothing unless lines end it above and below the core and, where the core does, to the left
/// and right. A frame may stand a pixel off.
std::optional<StripWell> stripWell(const cv::Mat& mean, const cv::Rect& core, const cv::Rect& room);

}  // namespace soleus
