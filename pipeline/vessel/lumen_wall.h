/// The wall of the lumen in an unrolled picture: coarsely by dynamic programming, finely half way up its
/// edge.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/vessel/lumen_strip.h"

namespace soleus {

/// From one sample of a strip to the next, in pixels: half a pixel, so that bilinear sampling loses nothing.
inline constexpr double kStripStepPx = 0.5;

/// A quarter of a millimetre tells a wall's first line from a bright speckle in the lumen.
inline constexpr double kLeastWallMm = 0.25;

/// Where the tissue begins on every station: the path of sample indices of least cost, by dynamic programming
/// (after Wendelhag, Liang, Gustavsson and Wikstrand, Stroke 1997). Everything before the path ought to be
/// darker than some 0.4 of the way to the tissue, the `outsidePx` behind it brighter, and the path not bend;
/// so that it keeps to the innermost line of a layered wall and crosses gaps of it. `lumenGrey`,
/// `tissueGrey`: of each station, `lumenGrey` NaN where something covers the lumen: there the station tells
/// nothing.
std::vector<int> wallPath(const WallStrip& strip, std::span<const double> lumenGrey,
                          std::span<const double> tissueGrey, double outsidePx);

/// Where one station's grey, averaged along the wall, has risen half way from the lumen to the first crest
/// behind it: the sample's index to a fraction. The lumen's grey is that of the samples before `lumenEnd`.
/// Nothing where the rise is too small for a wall, or lies before or behind the strip.
std::optional<double> halfWayToCrest(const WallStrip& averaged, int index, int lumenEnd);

/// A point of a wall as it was found so far, and which way is out of the lumen (unit vector).
struct WallPoint {
  cv::Point2d at;
  cv::Point2d outward;
};

/// The wall near `points`, which lie side by side along it, to a fraction of a pixel: half way up the edge
/// averaged over `sigma` points. Those where none is seen are left out.
std::vector<cv::Point2d> fineWall(const cv::Mat& picture, std::span<const WallPoint> points,
                                  double mmPerPixel, double sigma, bool closed);

}  // namespace soleus
