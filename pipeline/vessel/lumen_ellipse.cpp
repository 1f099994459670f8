#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "pipeline/vessel/ellipse_fit.h"
#include "pipeline/vessel/lumen_edge.h"
#include "pipeline/vessel/lumen_shape.h"
#include "pipeline/vessel/lumen_wall.h"

namespace soleus {
namespace {

// 5 degrees apart: about one lateral speckle on the wall of a vein of 8 mm.
constexpr int kRays = 72;

// Rays reach from the inner to the outer share of the seed's radius, which may be a third off.
constexpr double kRayBegin = 0.3;
constexpr double kRayEnd = 1.6;

// The tissue's grey differs around the vein, the lumen's does not: mean over 45 degrees of tissue beyond the
// wall.
constexpr int kTissueRays = 4;
constexpr double kTissueBegin = 1.15;
constexpr double kLumenEnd = 0.6;

// Speckle is averaged over 15 degrees to each side on the coarse ellipse, over 20 on the fine one.
constexpr double kCoarseRays = 1.5;
constexpr double kFineRays = 3.5;
// The second time the strip follows the wall, and averaging does not blur it any more.
constexpr int kFineFits = 3;

// Points further from the ellipse than this many median deviations lie on something else.
constexpr double kOutlierDeviations = 3.0;
constexpr double kLeastOutlierPx = 1.0;

// With a third of the wall unseen the ellipse is guessed.
constexpr double kLeastSeen = 0.66;
// Flatter than five to one is a slit or a gap between layers.
constexpr double kLeastAxisRatio = 0.2;
// Scatter of the wall, in shares of the radius, at which nothing is left of the confidence.
constexpr double kWorstScatter = 0.2;

cv::Point2d direction(const LumenEllipse& e, double phi) {
  const double u = e.semiAxisPx[0] * std::cos(phi);
  const double v = e.semiAxisPx[1] * std::sin(phi);
  return {u * std::cos(e.angleRad) - v * std::sin(e.angleRad),
          u * std::sin(e.angleRad) + v * std::cos(e.angleRad)};
}

/// Unit vector at right angles to the ellipse, outward.
cv::Point2d normal(const LumenEllipse& e, double phi) {
  const double u = std::cos(phi) / e.semiAxisPx[0];
  const double v = std::sin(phi) / e.semiAxisPx[1];
  const double length = std::hypot(u, v);
  return {(u * std::cos(e.angleRad) - v * std::sin(e.angleRad)) / length,
          (u * std::sin(e.angleRad) + v * std::cos(e.angleRad)) / length};
}

/// The share of the ellipse's radius at which `point` lies: 1 on the ellipse.
double radiusShare(const LumenEllipse& e, cv::Point2d point) {
  const cv::Point2d d = point - e.centre;
  const double u = (d.x * std::cos(e.angleRad) + d.y * std::sin(e.angleRad)) / e.semiAxisPx[0];
  const double v = (-d.x * std::sin(e.angleRad) + d.y * std::cos(e.angleRad)) / e.semiAxisPx[1];
  return std::hypot(u, v);
}

double angleOfRay(int ray) {
  return 2.0 * std::numbers::pi * ray / kRays;
}

std::vector<double> averagedOverRays(const std::vector<double>& values) {
  std::vector<double> mean(values.size(), 0.0);
  for (int ray = 0; ray < kRays; ++ray) {
    for (int d = -kTissueRays; d <= kTissueRays; ++d) {
      mean[static_cast<std::size_t>(ray)] +=
          values[static_cast<std::size_t>((ray + d + kRays) % kRays)] / (2 * kTissueRays + 1);
    }
  }
  return mean;
}

/// The coarse wall on rays from the middle of `e`.
std::vector<cv::Point2d> coarseWall(const cv::Mat& picture, const LumenEllipse& e, double mmPerPixel) {
  const double longest = std::max(e.semiAxisPx[0], e.semiAxisPx[1]);
  const int samples = std::max(16, static_cast<int>((kRayEnd - kRayBegin) * longest / kStripStepPx));
  const double perShare = samples / (kRayEnd - kRayBegin);
  std::vector<WallStation> rays;
  for (int ray = 0; ray < kRays; ++ray) {
    const cv::Point2d along = direction(e, angleOfRay(ray));
    rays.push_back({e.centre + kRayBegin * along, along / perShare});
  }
  const WallStrip strip = WallStrip(picture, std::move(rays), samples, /*closed=*/true).averaged(kCoarseRays);
  std::vector<double> outside(kRays);
  double lumen = 0;
  for (int ray = 0; ray < kRays; ++ray) {
    lumen += strip.mean(ray, 0, static_cast<int>((kLumenEnd - kRayBegin) * perShare)) / kRays;
    outside[static_cast<std::size_t>(ray)] =
        strip.mean(ray, static_cast<int>((kTissueBegin - kRayBegin) * perShare), samples);
  }
  const std::vector<double> tissue = averagedOverRays(outside);
  const std::vector<double> blood(kRays, lumen);
  const std::vector<int> path = wallPath(strip, blood, tissue, kLeastWallMm / mmPerPixel);
  std::vector<cv::Point2d> points;
  for (int ray = 0; ray < kRays; ++ray) {
    const int at = path[static_cast<std::size_t>(ray)];
    // A path along the strip's inner end has found no lumen.
    if (at == 0 || !hasContrast(lumen, tissue[static_cast<std::size_t>(ray)])) continue;
    points.push_back(strip.pointAt(ray, at - 0.5));
  }
  return points;
}

std::vector<WallPoint> pointsOn(const LumenEllipse& e) {
  std::vector<WallPoint> points;
  points.reserve(kRays);
  for (int ray = 0; ray < kRays; ++ray)
    points.push_back({e.centre + direction(e, angleOfRay(ray)), normal(e, angleOfRay(ray))});
  return points;
}

LumenEllipse lumenThrough(const std::vector<cv::Point2d>& points) {
  const cv::RotatedRect rect = ellipseThrough(std::vector<cv::Point2f>(points.begin(), points.end()));
  LumenEllipse e;
  e.centre = rect.center;
  e.semiAxisPx[0] = rect.size.width / 2.0;
  e.semiAxisPx[1] = rect.size.height / 2.0;
  e.angleRad = rect.angle * std::numbers::pi / 180.0;
  return e;
}

/// Least-squares ellipse without outliers; the confidence counts them against all rays.
std::optional<LumenEllipse> robustEllipse(std::vector<cv::Point2d> points) {
  if (static_cast<double>(points.size()) < kLeastSeen * kRays) return std::nullopt;
  const LumenEllipse first = lumenThrough(points);
  const double radius = std::sqrt(first.semiAxisPx[0] * first.semiAxisPx[1]);
  if (!(radius > 1.0)) return std::nullopt;
  std::vector<double> deviations;
  deviations.reserve(points.size());
  for (const auto& p : points) deviations.push_back(std::abs(radiusShare(first, p) - 1.0) * radius);
  std::vector<double> sorted = deviations;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                   sorted.end());
  const double limit = std::max(kLeastOutlierPx, kOutlierDeviations * sorted[sorted.size() / 2]);
  std::vector<cv::Point2d> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (deviations[i] <= limit) kept.push_back(points[i]);
  }
  const double seen = static_cast<double>(kept.size()) / kRays;
  if (seen < kLeastSeen) return std::nullopt;

  LumenEllipse e = kept.size() < points.size() ? lumenThrough(kept) : first;
  if (std::min(e.semiAxisPx[0], e.semiAxisPx[1]) <
      kLeastAxisRatio * std::max(e.semiAxisPx[0], e.semiAxisPx[1])) {
    return std::nullopt;
  }
  double scatter = 0;
  for (const auto& p : kept) scatter += std::abs(radiusShare(e, p) - 1.0) / static_cast<double>(kept.size());
  e.confidence = seen * std::clamp(1.0 - scatter / kWorstScatter, 0.0, 1.0);
  return e;
}

}  // namespace

std::optional<LumenEllipse> fitLumenEllipse(const cv::Mat& bmode, const cv::Mat& unmarked,
                                            const LumenSeed& seed, double mmPerPixel) {
  LumenEllipse start;
  start.centre = seed.centre;
  start.semiAxisPx[0] = seed.majorPx;
  start.semiAxisPx[1] = seed.minorPx;
  start.angleRad = seed.angleRad;
  auto ellipse = robustEllipse(coarseWall(unmarked, start, mmPerPixel));
  for (int i = 0; ellipse && i < kFineFits; ++i)
    ellipse = robustEllipse(fineWall(bmode, pointsOn(*ellipse), mmPerPixel, kFineRays, /*closed=*/true));
  return ellipse;
}

}  // namespace soleus
