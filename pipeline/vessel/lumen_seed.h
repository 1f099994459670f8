/// Where in a B-mode picture the lumen roughly is.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

#include "pipeline/core/calibration.h"

namespace soleus {

/// A dark region as its ellipse of equal moments, in continuous picture coordinates (pixels).
struct LumenSeed {
  cv::Point2d centre;
  double majorPx = 0;  ///< semi-axes
  double minorPx = 0;
  double angleRad = 0;       ///< of the major axis against the rows
  bool touchesLeft = false;  ///< the region is cut by that border of the picture
  bool touchesRight = false;
};

/// Of the dark regions that are large enough for a vessel and do not run into the top or bottom border, where
/// they would be a shadow, the one that is large, black and near `start`, continuous
/// picture coordinates. `bmode`: CV_8UC1.
std::optional<LumenSeed> findLumenSeed(const cv::Mat& bmode, const BmodeCalibration& calibration,
                                       cv::Point2d start);

}  // namespace soleus
