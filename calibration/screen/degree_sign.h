/// Angles whose degree sign text recognition has lost: a small "θ 45°" is soon read as 645.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "calibration/screen/text_lines.h"
#include "calibration/screen/text_reader.h"

namespace soleus {

/// By shape: a theta, two figures, and a ring beside their upper half. A line for each place, "45°", with
/// every reading of its figures; none where no reading is an angle.
std::vector<TextLine> anglesByRing(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                                   const TextReader& reader);

}  // namespace soleus
