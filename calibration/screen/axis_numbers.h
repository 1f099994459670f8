/// The numbers of an axis beside a region, and the rows they stand for.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "calibration/screen/scale_line.h"
#include "calibration/screen/text_reader.h"

namespace soleus {

/// A number with its place.
struct AxisNumber : ScaleReading {
  cv::Rect box;
  bool sure = true;                 ///< else `value` is but the likeliest of what it may be
  std::vector<double> others = {};  ///< what it may be besides
};

/// Numbers of one axis, aligned with each other.
struct AxisColumn {
  std::vector<AxisNumber> numbers;
  bool ticked = false;  ///< the rows are those of tick marks, not of the numbers' middles
};

/// Where to look.
struct AxisPlace {
  cv::Rect region;     ///< the axis runs along its height
  double reachPx = 0;  ///< how far from it the numbers may stand, to either side
};

/// Every column of numbers on either side of a region. `ink`: see standingInk().
std::vector<AxisColumn> axisColumns(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                                    const AxisPlace& place, const TextReader& reader);

}  // namespace soleus
