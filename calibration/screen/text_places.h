/// Where text stands on a screen: letters, and what of them belongs together.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "calibration/screen/screen_statistics.h"

namespace soleus {

/// Numbers may reach this far into a moving region as it was found.
inline constexpr int kEdgePx = 8;

/// Brightness over the darkness around it (CV_8UC1, as large as the screen); zero where anything moves.
cv::Mat standingInk(const ScreenPicture& picture, const std::vector<cv::Rect>& moving);

/// Letters and parts of letters: connected ink no larger than letters are on such a screen.
std::vector<cv::Rect> letterBoxes(const cv::Mat& ink);

/// The letters that touch none of `taken`.
std::vector<cv::Rect> lettersBeside(const std::vector<cv::Rect>& letters, const std::vector<cv::Rect>& taken);

/// Letters side by side, joined where the gap is at most `gap` of their height; a mark without height (a
/// dash, a dot) joins a neighbour, but nothing consists of such alone. From top to bottom.
std::vector<cv::Rect> joinedBoxes(std::vector<cv::Rect> letters, double gap);

/// A box with room for the blur around it, as far as the screen goes.
cv::Rect withRoom(const cv::Rect& box, int roomPx, cv::Size screen);

}  // namespace soleus
