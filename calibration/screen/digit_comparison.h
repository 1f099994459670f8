/// Reading a small number by comparing its digits with those that the same screen shows elsewhere.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

#include "calibration/screen/digit_places.h"

namespace soleus {

/// A number of one to three digits, or nothing. `sure`: numbers in the same print with what they say; others
/// are left out by their size.
///
/// No limit here is a matter of a typeface or of how blurred a recording is: the screen itself shows how far
/// the comparison can be trusted. Each sure number is read with the rest alone; were one of them misread as
/// clearly as is asked for, or fewer than half of their digits read, nothing is. A digit that is taken
/// - fits clearly better than every other, among them all that look like it, and as well as digits that were
///   read rightly; those that come near are shown by two numbers or more,
/// - and stays the likeliest whichever sure number is left out: one of them may have been misread.
std::optional<std::string> readByComparison(const cv::Mat& ink, const InkEnds& number,
                                            const std::vector<PrintedNumber>& sure);

}  // namespace soleus
