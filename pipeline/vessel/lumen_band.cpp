#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <vector>

#include "pipeline/vessel/lumen_edge.h"
#include "pipeline/vessel/lumen_shape.h"
#include "pipeline/vessel/lumen_wall.h"

namespace soleus {
namespace {

// A line across the wall every fourth column: neighbouring columns share their speckle.
constexpr int kColumnStep = 4;
// Walls are followed over the middle three quarters and the width is that of the middle half, so that a
// colour box or a mark on part of it changes nothing.
constexpr double kFollowedShare = 0.75;
constexpr double kMeasuredShare = 0.5;

// Up to one more band's half width beyond the expected wall; the seed's edge is that uncertain.
constexpr double kReach = 2.0;
constexpr double kLumenShare = 0.5;
constexpr double kTissueBegin = 1.25;

// Stations over which speckle is averaged, standard deviations: 4 pixels for the coarse wall, 16 for the fine
// one.
constexpr double kCoarseStations = 1.0;
constexpr double kFineStations = 4.0;
// The second time the strip follows the wall, and averaging does not blur it any more.
constexpr int kFineFits = 3;

// The region that was seen may be a part of the vessel and point beside it: the second time the middle line
// is that of the walls.
constexpr int kCoarseFits = 2;

// Where the lumen is this far on the way to the tissue's grey, it is covered: colour, a gate, a caliper.
constexpr double kCoveredShare = 0.35;

// Walls that close by more than one in six are no straight piece of vessel.
constexpr double kLargestSlopeDifference = 0.16;
// Steeper than 45 degrees it is no vessel that could be followed from side to side.
constexpr double kLargestAngleRad = 0.785;
constexpr double kLeastSeen = 0.5;
constexpr double kOutlierPx = 3.0;
constexpr double kOutlierDeviations = 3.0;
constexpr double kLeastOutlierPx = 0.5;

// A single plane may miss the vessel's middle and then shows a chord, not the diameter.
constexpr double kLargestConfidence = 0.5;

/// A wall: row = c0 + c1 t + c2 t^2, t the columns right of the picture's middle in half widths of the
/// picture.
struct Wall {
  double middlePx = 0;
  std::array<double, 3> c{};
  double seen = 0;  ///< points within kOutlierPx

  [[nodiscard]] double rowAt(double x) const {
    const double t = (x - middlePx) / middlePx;
    return c[0] + t * (c[1] + t * c[2]);
  }
  [[nodiscard]] double slopeAt(double x) const {
    const double t = (x - middlePx) / middlePx;
    return (c[1] + 2.0 * c[2] * t) / middlePx;
  }
};

/// Least-squares parabola.
std::array<double, 3> parabolaThrough(const std::vector<cv::Point2d>& points, double middlePx) {
  cv::Matx33d normal = cv::Matx33d::zeros();
  cv::Vec3d right;
  for (const auto& p : points) {
    const double t = (p.x - middlePx) / middlePx;
    const cv::Vec3d row(1.0, t, t * t);
    normal += row * row.t();
    right += p.y * row;
  }
  const cv::Vec3d c = normal.solve(right, cv::DECOMP_SVD);
  return {c[0], c[1], c[2]};
}

/// Without outliers: those further off than three median deviations.
Wall wallThrough(std::vector<cv::Point2d> points, double middlePx) {
  Wall wall{middlePx, parabolaThrough(points, middlePx), 0};
  constexpr int kTrims = 3;
  std::vector<cv::Point2d> kept = points;
  for (int i = 0; i < kTrims; ++i) {
    std::vector<double> off;
    off.reserve(points.size());
    for (const auto& p : points) off.push_back(std::abs(p.y - wall.rowAt(p.x)));
    std::vector<double> sorted = off;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double limit = std::max(kLeastOutlierPx, kOutlierDeviations * *middle);
    kept.clear();
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (off[k] <= limit) kept.push_back(points[k]);
    }
    wall.c = parabolaThrough(kept, middlePx);
  }
  for (const auto& p : points) wall.seen += std::abs(p.y - wall.rowAt(p.x)) < kOutlierPx ? 1.0 : 0.0;
  return wall;
}

std::vector<double> columnsOf(const cv::Mat& bmode) {
  std::vector<double> columns;
  const double middle = bmode.cols / 2.0;
  const int begin = static_cast<int>(middle * (1 - kFollowedShare));
  const int end = static_cast<int>(middle * (1 + kFollowedShare));
  for (int x = begin; x < end; x += kColumnStep) columns.push_back(x + 0.5);
  return columns;
}

using WallPoints = std::array<std::vector<cv::Point2d>, 2>;  // upper and lower

/// Points of both walls on columns from the vessel's middle line outward, `half` (rows) from it or up to
/// twice as far.
std::optional<WallPoints> coarseWalls(const cv::Mat& bmode, const Wall& middleLine, double half,
                                      double mmPerPixel) {
  const int samples = static_cast<int>(kReach * half / kStripStepPx);
  if (samples < 8) return std::nullopt;
  const std::vector<double> columns = columnsOf(bmode);
  std::vector<WallStrip> strips;
  for (const double down : {-1.0, 1.0}) {
    std::vector<WallStation> stations;
    stations.reserve(columns.size());
    for (const double x : columns) stations.push_back({{x, middleLine.rowAt(x)}, {0.0, down * kStripStepPx}});
    strips.push_back(
        WallStrip(bmode, std::move(stations), samples, /*closed=*/false).averaged(kCoarseStations));
  }
  const auto share = [&](double of) { return static_cast<int>(of / kReach * samples); };
  const int count = static_cast<int>(columns.size());
  std::vector<double> lumen(columns.size());
  std::vector<double> tissue[2] = {lumen, lumen};
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    lumen[at] = 0.5 * (strips[0].mean(i, 0, share(kLumenShare)) + strips[1].mean(i, 0, share(kLumenShare)));
    for (const int side : {0, 1})
      tissue[side][at] = strips[static_cast<std::size_t>(side)].mean(i, share(kTissueBegin), samples);
  }
  // Blood is equally dark all along; what is covered is brighter.
  std::vector<double> sorted = lumen;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 4),
                   sorted.end());
  const double blood = sorted[sorted.size() / 4];
  double around = 0;
  for (const auto& side : tissue) {
    for (const double grey : side) around += grey / static_cast<double>(2 * columns.size());
  }
  if (!hasContrast(blood, around)) return std::nullopt;

  WallPoints walls;
  std::vector<double> dark(columns.size(), blood);
  for (std::size_t i = 0; i < lumen.size(); ++i) {
    if (lumen[i] > blood + kCoveredShare * (around - blood))
      dark[i] = std::numeric_limits<double>::quiet_NaN();
  }
  for (const int side : {0, 1}) {
    const WallStrip& strip = strips[static_cast<std::size_t>(side)];
    const std::vector<double> bright(columns.size(), around);
    const std::vector<int> path = wallPath(strip, dark, bright, kLeastWallMm / mmPerPixel);
    for (int i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (std::isnan(dark[at]) || path[at] == 0) continue;
      walls[static_cast<std::size_t>(side)].push_back(strip.pointAt(i, path[at] - 0.5));
    }
  }
  return walls;
}

/// Points of `wall` on the columns of `coarse`; `down`: 1 for the lower wall, -1 for the upper one.
std::vector<WallPoint> pointsOn(const Wall& wall, double down, const std::vector<cv::Point2d>& coarse) {
  std::vector<WallPoint> points;
  for (const auto& p : coarse) {
    const double slope = wall.slopeAt(p.x);
    points.push_back({{p.x, wall.rowAt(p.x)}, down / std::hypot(1.0, slope) * cv::Point2d(-slope, 1.0)});
  }
  return points;
}

}  // namespace

double bandMinorPx(double halfWidthPx) {
  // The seed is the ellipse of equal moments: a band of half width h has variance h^2 / 3, an ellipse b^2
  // / 4.
  return 2.0 / std::sqrt(3.0) * halfWidthPx;
}

std::optional<LumenBand> fitLumenBand(const cv::Mat& bmode, const cv::Mat& unmarked, const LumenSeed& seed,
                                      double mmPerPixel) {
  if (std::abs(seed.angleRad) > kLargestAngleRad) return std::nullopt;
  const double middle = bmode.cols / 2.0;
  const double columns = static_cast<double>(columnsOf(bmode).size());
  const auto least = static_cast<std::size_t>(std::max(4.0, kLeastSeen * columns));

  const double slope = std::tan(seed.angleRad);
  Wall middleLine{middle, {seed.centre.y + slope * (middle - seed.centre.x), slope * middle, 0}, 0};
  double half = seed.minorPx / bandMinorPx(1.0) / std::cos(seed.angleRad);
  std::optional<WallPoints> coarse;
  for (int i = 0; i < kCoarseFits; ++i) {
    coarse = coarseWalls(unmarked, middleLine, half, mmPerPixel);
    if (!coarse || (*coarse)[0].size() < least || (*coarse)[1].size() < least) return std::nullopt;
    const Wall upper = wallThrough((*coarse)[0], middle);
    const Wall lower = wallThrough((*coarse)[1], middle);
    for (std::size_t k = 0; k < middleLine.c.size(); ++k) middleLine.c[k] = 0.5 * (upper.c[k] + lower.c[k]);
    half = std::min<double>(bmode.rows, 0.5 * (lower.rowAt(middle) - upper.rowAt(middle)));
  }

  Wall walls[2];
  for (const std::size_t side : {0U, 1U}) {
    std::vector<cv::Point2d> points = (*coarse)[side];
    for (int i = 0; i <= kFineFits; ++i) {
      if (points.size() < least) return std::nullopt;
      walls[side] = wallThrough(points, middle);
      if (i < kFineFits)
        points = fineWall(bmode, pointsOn(walls[side], side == 0 ? -1.0 : 1.0, (*coarse)[side]), mmPerPixel,
                          kFineStations, /*closed=*/false);
    }
  }
  const double seen = std::min(walls[0].seen, walls[1].seen) / columns;
  if (seen < kLeastSeen) return std::nullopt;
  if (std::abs(walls[0].slopeAt(middle) - walls[1].slopeAt(middle)) > kLargestSlopeDifference)
    return std::nullopt;

  LumenBand band;
  const int columnsMeasured = static_cast<int>(std::ceil(2.0 * kMeasuredShare * middle));
  for (int i = 0; i < columnsMeasured; ++i) {
    const double x = middle * (1 - kMeasuredShare) + i;
    const double steepness = 0.5 * (walls[0].slopeAt(x) + walls[1].slopeAt(x));
    band.widthPx += (walls[1].rowAt(x) - walls[0].rowAt(x)) / std::hypot(1.0, steepness) / columnsMeasured;
  }
  if (!(band.widthPx > 0)) return std::nullopt;
  band.centre = {middle, 0.5 * (walls[0].rowAt(middle) + walls[1].rowAt(middle))};
  band.angleRad = std::atan(0.5 * (walls[0].slopeAt(middle) + walls[1].slopeAt(middle)));
  band.confidence = kLargestConfidence * seen;
  return band;
}

}  // namespace soleus
