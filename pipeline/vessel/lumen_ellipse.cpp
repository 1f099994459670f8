#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "pipeline/vessel/lumen_edge.h"
#include "pipeline/vessel/lumen_shape.h"

namespace soleus {
namespace {

// 5 degrees apart: about one lateral speckle on the wall of a vein of 8 mm.
constexpr int kRays = 72;

// Samples along a ray in shares of the ellipse's radius: the seed may be a third off, the first fit an
// eighth.
constexpr double kSeedReach = 1.6;
constexpr double kFitReach = 1.4;
constexpr double kRayBegin = 0.3;
constexpr double kSampleStepPx = 0.5;

// The tissue's grey differs around the vein, the lumen's does not: mean over 45 degrees of tissue beyond the
// wall.
constexpr int kTissueRays = 4;
constexpr double kTissueBegin = 1.15;
constexpr double kLumenEnd = 0.6;

// A vein's wall often shines brighter than the tissue: its grey, over 3 px from 1.5 px beyond the edge, where
// the display's blur has ended, decides where half way is.
constexpr int kWallBegin = 3;
constexpr int kWallSamples = 6;

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

/// The share of the ellipse's radius at which `point` lies: 1 on the ellipse.
double radiusShare(const LumenEllipse& e, cv::Point2d point) {
  const cv::Point2d d = point - e.centre;
  const double u = (d.x * std::cos(e.angleRad) + d.y * std::sin(e.angleRad)) / e.semiAxisPx[0];
  const double v = (-d.x * std::sin(e.angleRad) + d.y * std::cos(e.angleRad)) / e.semiAxisPx[1];
  return std::hypot(u, v);
}

double meanBetween(const std::vector<float>& profile, double reach, double from, double to) {
  const double perShare = static_cast<double>(profile.size()) / (reach - kRayBegin);
  const auto begin = static_cast<std::size_t>((from - kRayBegin) * perShare);
  const auto end = std::min(profile.size(), static_cast<std::size_t>((to - kRayBegin) * perShare));
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += profile[i];
  return sum / static_cast<double>(std::max<std::size_t>(1, end - begin));
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

/// Mean grey just beyond the wall's edge.
double wallGrey(const std::vector<float>& profile, double index) {
  const auto begin = std::min(profile.size() - 1, static_cast<std::size_t>(index) + kWallBegin);
  const auto end = std::min(profile.size(), begin + kWallSamples);
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += profile[i];
  return sum / static_cast<double>(end - begin);
}

/// Wall points on the rays around `e`, those that were seen.
std::vector<cv::Point2f> wallPoints(const cv::Mat& picture, const LumenEllipse& e, double reach) {
  std::vector<std::vector<float>> profiles(kRays);
  std::vector<double> tissue(kRays);
  double lumen = 0;
  for (int ray = 0; ray < kRays; ++ray) {
    const cv::Point2d along = direction(e, angleOfRay(ray));
    const int samples = std::max(8, static_cast<int>((reach - kRayBegin) * cv::norm(along) / kSampleStepPx));
    std::vector<float>& profile = profiles[static_cast<std::size_t>(ray)];
    profile.resize(static_cast<std::size_t>(samples));
    greyAlong(picture, e.centre + kRayBegin * along, (reach - kRayBegin) / samples * along, profile);
    lumen += meanBetween(profile, reach, kRayBegin, kLumenEnd) / kRays;
    tissue[static_cast<std::size_t>(ray)] = meanBetween(profile, reach, kTissueBegin, reach);
  }

  const std::vector<double> outside = averagedOverRays(tissue);
  std::vector<std::optional<double>> index(kRays);
  std::vector<double> wall(kRays);
  for (std::size_t ray = 0; ray < kRays; ++ray) {
    if (hasContrast(lumen, outside[ray])) index[ray] = wallIndex(profiles[ray], lumen, outside[ray]);
    wall[ray] = index[ray] ? std::max(outside[ray], wallGrey(profiles[ray], *index[ray])) : outside[ray];
  }

  const std::vector<double> bright = averagedOverRays(wall);
  std::vector<cv::Point2f> points;
  for (std::size_t ray = 0; ray < kRays; ++ray) {
    if (!index[ray]) continue;
    const double edge = halfWayToWall(profiles[ray], *index[ray], lumen, bright[ray], kWallBegin);
    const double share = kRayBegin + (reach - kRayBegin) * edge / static_cast<double>(profiles[ray].size());
    points.emplace_back(e.centre + share * direction(e, angleOfRay(static_cast<int>(ray))));
  }
  return points;
}

LumenEllipse ellipseThrough(const std::vector<cv::Point2f>& points) {
  const cv::RotatedRect rect = cv::fitEllipse(points);
  LumenEllipse e;
  e.centre = rect.center;
  e.semiAxisPx[0] = rect.size.width / 2.0;
  e.semiAxisPx[1] = rect.size.height / 2.0;
  e.angleRad = rect.angle * std::numbers::pi / 180.0;
  return e;
}

/// Least-squares ellipse without outliers; the confidence counts them against all rays.
std::optional<LumenEllipse> robustEllipse(std::vector<cv::Point2f> points) {
  if (static_cast<double>(points.size()) < kLeastSeen * kRays) return std::nullopt;
  const LumenEllipse first = ellipseThrough(points);
  const double radius = std::sqrt(first.semiAxisPx[0] * first.semiAxisPx[1]);
  if (!(radius > 1.0)) return std::nullopt;
  std::vector<double> deviations;
  deviations.reserve(points.size());
  for (const auto& p : points) deviations.push_back(std::abs(radiusShare(first, p) - 1.0) * radius);
  std::vector<double> sorted = deviations;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                   sorted.end());
  const double limit = std::max(kLeastOutlierPx, kOutlierDeviations * sorted[sorted.size() / 2]);
  std::vector<cv::Point2f> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (deviations[i] <= limit) kept.push_back(points[i]);
  }
  const double seen = static_cast<double>(kept.size()) / kRays;
  if (seen < kLeastSeen) return std::nullopt;

  LumenEllipse e = kept.size() < points.size() ? ellipseThrough(kept) : first;
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

std::optional<LumenEllipse> fitLumenEllipse(const cv::Mat& bmode, const LumenSeed& seed) {
  // Speckle is finer than the wall's curvature: a little blur steadies each ray without moving the wall.
  const double reachPx = kSeedReach * seed.majorPx + 4.0;
  const cv::Rect box =
      cv::Rect(static_cast<int>(seed.centre.x - reachPx), static_cast<int>(seed.centre.y - reachPx),
               static_cast<int>(2 * reachPx) + 1, static_cast<int>(2 * reachPx) + 1) &
      cv::Rect(0, 0, bmode.cols, bmode.rows);
  cv::Mat smooth;
  cv::GaussianBlur(bmode(box), smooth, {5, 5}, 1.0);

  LumenEllipse start;
  start.centre = seed.centre - cv::Point2d(box.x, box.y);
  start.semiAxisPx[0] = seed.majorPx;
  start.semiAxisPx[1] = seed.minorPx;
  start.angleRad = seed.angleRad;
  const auto first = robustEllipse(wallPoints(smooth, start, kSeedReach));
  if (!first) return std::nullopt;
  auto second = robustEllipse(wallPoints(smooth, *first, kFitReach));
  if (second) second->centre += cv::Point2d(box.x, box.y);
  return second;
}

}  // namespace soleus
