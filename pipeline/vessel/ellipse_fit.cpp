#include "pipeline/vessel/ellipse_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>

namespace soleus {
namespace {

// Points are moved to their middle and made this large: their coordinates and the squares of them are then
// alike, and the normal equations lose no digits that count.
constexpr double kSumOfAll = 100;

// Of the conic's two curvatures, the lesser over the greater: what is flatter is nearly a parabola.
constexpr double kLeastCurvatureShare = 1e-4;

/// The x that brings all rows . x nearest to 1; zeros where the rows do not tell it.
template <int kSize, class RowOf>
cv::Matx<double, kSize, 1> nearestToOne(const std::vector<cv::Point2d>& points, const RowOf& rowOf) {
  cv::Matx<double, kSize, kSize> normal = cv::Matx<double, kSize, kSize>::zeros();
  cv::Matx<double, kSize, 1> right = cv::Matx<double, kSize, 1>::zeros();
  for (const auto& p : points) {
    const cv::Matx<double, kSize, 1> row = rowOf(p);
    for (int i = 0; i < kSize; ++i) {
      for (int k = 0; k <= i; ++k) normal(i, k) += row(i) * row(k);
      right(i) += row(i);
    }
  }
  for (int i = 0; i < kSize; ++i) {
    for (int k = i + 1; k < kSize; ++k) normal(i, k) = normal(k, i);
  }
  return normal.solve(right, cv::DECOMP_CHOLESKY);
}

struct Ellipse {
  cv::Point2d centre;
  double semiAxis[2];  // the minor one, at angleRad against the rows, and the major one
  double angleRad;
};

/// Of points about their middle; nothing where they are on none.
std::optional<Ellipse> properEllipse(const std::vector<cv::Point2d>& points) {
  const auto conic = nearestToOne<5>(points, [](const cv::Point2d& p) {
    return cv::Matx<double, 5, 1>(-p.x * p.x, -p.y * p.y, -p.x * p.y, p.x, p.y);
  });
  const cv::Matx22d gradient(2 * conic(0), conic(2), conic(2), 2 * conic(1));
  const cv::Matx21d centre = gradient.solve(cv::Matx21d(conic(3), conic(4)), cv::DECOMP_LU);
  const auto about = nearestToOne<3>(points, [&](const cv::Point2d& p) {
    const double x = p.x - centre(0);
    const double y = p.y - centre(1);
    return cv::Matx31d(x * x, y * y, x * y);
  });
  const double sum = about(0) + about(1);
  const double apart = std::hypot(about(1) - about(0), about(2));
  if (!(sum - apart > kLeastCurvatureShare * (sum + apart))) return std::nullopt;
  return Ellipse{{centre(0), centre(1)},
                 {std::sqrt(2 / (sum + apart)), std::sqrt(2 / (sum - apart))},
                 std::numbers::pi / 2 - 0.5 * std::atan2(about(2), about(1) - about(0))};
}

}  // namespace

cv::RotatedRect ellipseThrough(const std::vector<cv::Point2f>& points) {
  cv::Point2f middle;
  for (const auto& p : points) middle += p;
  middle /= static_cast<float>(points.size());
  double sum = 0;
  for (const auto& p : points) sum += std::abs(p.x - middle.x) + std::abs(p.y - middle.y);
  const double scale = kSumOfAll / std::max<double>(sum, std::numeric_limits<float>::epsilon());
  std::vector<cv::Point2d> about;
  about.reserve(points.size());
  for (const auto& p : points) about.push_back(cv::Point2d(p - middle) * scale);
  const auto fit = properEllipse(about);
  if (!fit) return cv::fitEllipse(points);
  return {cv::Point2f(fit->centre / scale) + middle,
          cv::Size2f(cv::Size2d(2 * fit->semiAxis[0] / scale, 2 * fit->semiAxis[1] / scale)),
          static_cast<float>(fit->angleRad * 180 / std::numbers::pi)};
}

}  // namespace soleus
