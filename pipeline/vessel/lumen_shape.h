/// The lumen's outline, refined from a seed: an ellipse across the vessel, a band along it.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

#include "pipeline/vessel/lumen_seed.h"

namespace soleus {

/// A cross-section. Lengths in pixels.
struct LumenEllipse {
  cv::Point2d centre;
  double semiAxisPx[2] = {0, 0};  ///< along angleRad and across it
  double angleRad = 0;
  double confidence = 0;  ///< 0 to 1: share of the wall that was seen, and how well it lies on the ellipse
};

/// Fits an ellipse to the walls found around the seed's centre. `unmarked` is `bmode` without what is painted
/// over it. Nothing if too little of the wall is seen.
std::optional<LumenEllipse> fitLumenEllipse(const cv::Mat& bmode, const cv::Mat& unmarked,
                                            const LumenSeed& seed, double mmPerPixel);

/// A longitudinal section.
struct LumenBand {
  cv::Point2d centre;   ///< of its middle line, in the picture's middle column
  double widthPx = 0;   ///< from wall to wall, at right angles to them, mean of the picture's middle half
  double angleRad = 0;  ///< of the vessel against the rows in the middle, > 0 where it falls to the right
  double confidence = 0;
};

/// Fits two slightly bent walls to the middle three quarters of a band that crosses the picture. Nothing if
/// they are not parallel or too little of them is seen.
std::optional<LumenBand> fitLumenBand(const cv::Mat& bmode, const cv::Mat& unmarked, const LumenSeed& seed,
                                      double mmPerPixel);

/// The minor semi-axis that a seed has of a band whose half width, at right angles to it, is `halfWidthPx`.
double bandMinorPx(double halfWidthPx);

}  // namespace soleus
