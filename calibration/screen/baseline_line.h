/// The line that a scanner draws at velocity zero.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

#include "calibration/screen/screen_statistics.h"

namespace soleus {

/// A thin line that runs through the whole spectrum, never changes, and is brighter than what lies beside it.
struct BaselineLine {
  double row = 0;  ///< continuous, in the whole picture; the middle of a row if `sharp`
  int leftPx = 0;  ///< its ends: first column, and one past the last
  int rightPx = 0;
  bool sharp = false;  ///< one row carries it; a picture that was scaled spreads it over two
};

/// Nothing where none is drawn, or several are.
std::optional<BaselineLine> findBaselineLine(const ScreenPicture& picture, const cv::Rect& spectrum);

}  // namespace soleus
