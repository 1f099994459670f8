#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "pipeline/vessel/lumen_edge.h"
#include "pipeline/vessel/lumen_shape.h"

namespace soleus {
namespace {

// A wall every fourth column of the middle half: neighbouring columns share their speckle.
constexpr int kColumnStep = 4;
constexpr double kWallShareOfPicture = 0.5;

// Up to one more band's half width beyond the expected wall; the seed's edge is that uncertain.
constexpr double kReach = 2.0;
constexpr double kLumenShare = 0.5;
constexpr double kTissueBegin = 1.25;

// Walls that close by more than one in six are no straight piece of vessel.
constexpr double kLargestSlopeDifference = 0.16;
// Steeper than 45 degrees it is no vessel that could be followed from side to side.
constexpr double kLargestAngleRad = 0.785;
constexpr double kLeastSeen = 0.6;
constexpr double kOutlierPx = 3.0;

// A single plane may miss the vessel's middle and then shows a chord, not the diameter.
constexpr double kLargestConfidence = 0.5;

struct Line {
  double slope = 0;
  double rowAtMiddle = 0;
  double seen = 0;  ///< share of the points within kOutlierPx
};

Line lineThrough(const std::vector<cv::Point2f>& points, double middleX) {
  cv::Vec4f fit;
  cv::fitLine(points, fit, cv::DIST_HUBER, 0, 0.01, 0.01);
  Line line;
  line.slope = std::abs(fit[0]) > 1e-6F ? fit[1] / fit[0] : 1e6;
  line.rowAtMiddle = fit[3] + line.slope * (middleX - fit[2]);
  for (const auto& p : points) {
    const double row = line.rowAtMiddle + line.slope * (p.x - middleX);
    line.seen += std::abs(p.y - row) < kOutlierPx ? 1.0 / static_cast<double>(points.size()) : 0.0;
  }
  return line;
}

double meanOf(const std::vector<float>& profile, double from, double to) {
  const auto begin = static_cast<std::size_t>(from * static_cast<double>(profile.size()));
  const auto end = static_cast<std::size_t>(to * static_cast<double>(profile.size()));
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += profile[i];
  return sum / static_cast<double>(std::max<std::size_t>(1, end - begin));
}

}  // namespace

std::optional<LumenBand> fitLumenBand(const cv::Mat& bmode, const LumenSeed& seed) {
  if (std::abs(seed.angleRad) > kLargestAngleRad) return std::nullopt;
  cv::Mat smooth;
  cv::GaussianBlur(bmode, smooth, {5, 5}, 1.0);
  const double middleX = bmode.cols / 2.0;
  const double slope = std::tan(seed.angleRad);
  // The region's minor axis is its half width as of an ellipse; a band of half width h has variance h^2 / 3.
  const double half = seed.minorPx / 2.0 * std::sqrt(3.0) / std::cos(seed.angleRad);

  std::vector<cv::Point2f> walls[2];
  int columns = 0;
  const int begin = static_cast<int>(middleX * (1.0 - kWallShareOfPicture));
  for (int x = begin; x < bmode.cols - begin; x += kColumnStep) {
    ++columns;
    const double centre = seed.centre.y + slope * (x + 0.5 - seed.centre.x);
    for (const int side : {0, 1}) {
      std::vector<float> profile(static_cast<std::size_t>(kReach * half));
      greyAlong(smooth, cv::Point2d(x + 0.5, centre), {0.0F, side == 0 ? -1.0F : 1.0F}, profile);
      if (profile.size() < 4) continue;
      const double lumen = meanOf(profile, 0, kLumenShare / kReach);
      const double tissue = meanOf(profile, kTissueBegin / kReach, 1.0);
      if (!hasContrast(lumen, tissue)) continue;
      const auto index = wallIndex(profile, lumen, tissue);
      if (index) walls[side].emplace_back(x + 0.5, centre + (side == 0 ? -*index : *index));
    }
  }
  const auto least = static_cast<std::size_t>(std::max(2.0, kLeastSeen * columns));
  if (walls[0].size() < least || walls[1].size() < least) return std::nullopt;

  const Line upper = lineThrough(walls[0], middleX);
  const Line lower = lineThrough(walls[1], middleX);
  if (std::abs(upper.slope - lower.slope) > kLargestSlopeDifference) return std::nullopt;
  const double seen = std::min(upper.seen * static_cast<double>(walls[0].size()),
                               lower.seen * static_cast<double>(walls[1].size())) /
                      columns;
  if (seen < kLeastSeen) return std::nullopt;
  LumenBand band;
  band.widthPx =
      (lower.rowAtMiddle - upper.rowAtMiddle) * std::cos(std::atan(0.5 * (upper.slope + lower.slope)));
  band.confidence = kLargestConfidence * seen;
  return band;
}

}  // namespace soleus
