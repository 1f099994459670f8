/// Digits without what small print and fonts add to them.
#pragma once

#include <opencv2/core/mat.hpp>

namespace soleus {

/// A line of print (CV_8UC1, bright on dark), enlarged, in two tones, and without what lies within a letter:
/// the dot that some fonts put into their zero makes readers see a 6 or an 8.
cv::Mat plainGlyphs(const cv::Mat& brightOnDark);

}  // namespace soleus
