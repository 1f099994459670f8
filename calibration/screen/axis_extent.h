/// How far an axis with small ticks runs.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <utility>

#include "calibration/screen/axis_numbers.h"

namespace soleus {

/// First row and one past the last of the ticks, numbered or not, that stand at even parts of the step
/// between the numbers. A spectrum whose noise is black ends where its axis does. `region`: the spectrum as
/// far as it is known. Nothing if the numbers have no small ticks between them.
std::optional<std::pair<int, int>> axisExtent(const cv::Mat& ink, const ScaleLine& line,
                                              const std::vector<AxisNumber>& numbers, const cv::Rect& region);

}  // namespace soleus
