/// The unit of the velocity axis: what is printed by the axis, not what is printed elsewhere.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "calibration/screen/text_reader.h"

namespace soleus {

/// Units of velocity that were found; a screen that shows both leaves the question open.
struct VelocityUnits {
  bool centimetresPerSecond = false;
  bool metresPerSecond = false;
};

/// Of a line of text. A unit behind a number is that of a result ("PSV 54 cm/s"), not of an axis.
VelocityUnits unitsIn(const std::string& text);

/// Of a word that may be misread: the unit that it is nearest to, if neither the other nor that of a
/// frequency is nearly as near. What may be metres behind a bracket, or centimetres, is neither.
VelocityUnits unitLike(std::string word);

/// Where the unit of an axis may stand: above, below, between or just beyond its `numbers`, beside
/// `spectrum`.
cv::Rect unitPlace(const cv::Rect& spectrum, const std::vector<cv::Rect>& numbers);

/// Reads the words that lie wholly in the unit's place, not mainly above or below the spectrum as labels of
/// the time do, and touch none of the axis' `numbers`.
VelocityUnits readAxisUnits(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                            const std::vector<cv::Rect>& numbers, const cv::Rect& spectrum,
                            const TextReader& reader);

}  // namespace soleus
