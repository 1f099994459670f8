/// Settings whose number stays open are read again, with the digits of the screen's other numbers.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "calibration/screen/axis_numbers.h"
#include "calibration/screen/text_lines.h"

namespace soleus {

/// Lines of a name, a number and a unit whose readings do not agree on the number get the one that comparison
/// finds. `onAxes`: numbers that lie on the line of a scale, and are therefore sure.
void rereadNumbers(std::vector<TextLine>& lines, const std::vector<AxisNumber>& onAxes, const cv::Mat& ink);

}  // namespace soleus
