/// Rectangles of the screen in which the picture moves: spectrum, B-mode.
#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

#include "calibration/screen/screen_statistics.h"

namespace soleus {

/// A rectangle, to the pixel where its edges are sharp.
struct MovingRegion {
  cv::Rect box;
  /// Rows up to the edge move as much as the rest: speckle fills the rectangle. Where not, what lies beyond
  /// may belong to it and only be black.
  bool filledTop = false;
  bool filledBottom = false;
  /// By how many rows it may really be lower or higher, where a codec smears faint noise.
  int fewerRows = 0;
  int moreRows = 0;

  /// Whether the first and last row are sure to the pixel.
  [[nodiscard]] bool toThePixel() const { return fewerRows == 0 && moreRows == 0; }
};

/// Largest first. Small things that move (clocks, cursors) are left out.
std::vector<MovingRegion> movingRegions(const ScreenPicture& picture);

}  // namespace soleus
