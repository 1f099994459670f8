/// The ellipse through the points of a wall.
#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

namespace soleus {

/// What cv::fitEllipse finds, in a tenth of the time: least squares of the conic's equation, and again about
/// the centre that this gives. That one solves them by singular values, which for the few points of a wall
/// takes longer than to find those; here the normal equations do. Both round to single precision at the same
/// places, so that they nearly always give the same to the last bit. Points that lie on no ellipse are left
/// to that one. At least 5 points; pure.
cv::RotatedRect ellipseThrough(const std::vector<cv::Point2f>& points);

}  // namespace soleus
