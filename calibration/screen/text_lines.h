/// The lines of text that stand on a screen, each read in several ways.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "calibration/screen/text_reader.h"

namespace soleus {

/// A line of the screen's text with its place.
struct TextLine {
  cv::Rect box;
  std::string text;                  ///< the reading that is believed first
  double confidence = 1;             ///< the reader's own in it, 0 to 1
  std::vector<ReadText> again = {};  ///< the same line read otherwise: they confirm or contradict
};

/// Reads what is written with `letters` (letterBoxes) that touch none of `taken`. A line that tells a setting
/// is read anew from other enlargements of it; one of which text recognition makes nothing is read by shape.
std::vector<TextLine> readTextLines(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                                    const std::vector<cv::Rect>& taken, const TextReader& reader);

/// The words of `letters` within `line`, from left to right.
std::vector<cv::Rect> wordsWithin(const cv::Rect& line, const std::vector<cv::Rect>& letters);

}  // namespace soleus
