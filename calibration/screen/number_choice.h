/// Which of what each number of an axis may be: the other numbers and the baseline tell.
#pragma once

#include <vector>

#include "calibration/screen/axis_numbers.h"
#include "calibration/screen/scale_line.h"

namespace soleus {

/// The numbers from top to bottom, each with the value that lies on the line on which most of them lie. One
/// that is unsure and lies beside it is left out, one that is sure keeps its value.
///
/// `known`: readings that are no numbers (the baseline's zero): the line passes through all of them. A line
/// is only believed if two numbers other than 0 lie on it as they were surely read, or three in any reading,
/// one of them surely: so many would have to be misread in the proportion of their rows. Where another scale
/// fits as many numbers nothing is chosen, and the sure numbers are left as they were read.
std::vector<AxisNumber> chosenNumbers(std::vector<AxisNumber> numbers, const std::vector<ScaleReading>& known,
                                      const ScaleTolerance& tolerance);

}  // namespace soleus
