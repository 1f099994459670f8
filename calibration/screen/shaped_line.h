/// A line of settings, word by word, by shape.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "calibration/screen/text_reader.h"

namespace soleus {

struct ShapedLine {
  std::string text;       ///< empty if nothing was made out
  double confidence = 0;  ///< likeness of the less alike of name and number, 0 to 1
};

/// "PRF 4.6 kHz" from three words of ink that text recognition makes nothing of: a name that scanners print,
/// a number, a unit. `words`: their boxes, from left to right. A number counts if no other looks nearly as
/// much like it, or if the reader sees the same digits. Empty if the first word is none of the names, or the
/// number stays open.
ShapedLine lineByShape(const cv::Mat& ink, const std::vector<cv::Rect>& words, const TextReader& reader);

}  // namespace soleus
