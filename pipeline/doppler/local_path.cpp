#include "pipeline/doppler/local_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soleus {
namespace {

constexpr double kReachSd = 2.5;
constexpr int kRounds = 2;
// Cleveland's cut-off: six times the median of the residuals.
constexpr double kCutMedians = 6.0;
// With fewer values a parabola follows their noise; a straight line then, and with two or less their mean.
constexpr double kLeastForParabola = 6;
constexpr double kLeastForLine = 3;

/// The weighted parabola's value at 0.
double parabolaAtZero(const std::vector<double>& path, const std::vector<double>& trust, int centre,
                      double sd) {
  const int reach = std::max(2, static_cast<int>(kReachSd * sd));
  const int count = static_cast<int>(path.size());
  double s0 = 0;
  double s1 = 0;
  double s2 = 0;
  double s3 = 0;
  double s4 = 0;
  double y0 = 0;
  double y1 = 0;
  double y2 = 0;
  double used = 0;
  bool left = false;
  bool right = false;
  for (int i = std::max(0, centre - reach); i <= std::min(count - 1, centre + reach); ++i) {
    const double y = path[static_cast<std::size_t>(i)];
    if (std::isnan(y)) continue;
    const double x = (i - centre) / sd;
    const double w = trust[static_cast<std::size_t>(i)] * std::exp(-0.5 * x * x);
    if (w <= 0) continue;
    ++used;
    left |= i < centre;
    right |= i > centre;
    s0 += w;
    s1 += w * x;
    s2 += w * x * x;
    s3 += w * x * x * x;
    s4 += w * x * x * x * x;
    y0 += w * y;
    y1 += w * x * y;
    y2 += w * x * x * y;
  }
  if (s0 <= 0) return path[static_cast<std::size_t>(centre)];
  if (used >= kLeastForParabola && left && right) {
    const double determinant = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s3 * s2) + s2 * (s1 * s3 - s2 * s2);
    if (determinant > 1e-9 * s0 * s0 * s0) {
      return (y0 * (s2 * s4 - s3 * s3) - s1 * (y1 * s4 - s3 * y2) + s2 * (y1 * s3 - s2 * y2)) / determinant;
    }
  }
  const double determinant = s0 * s2 - s1 * s1;
  if (used >= kLeastForLine && determinant > 1e-9 * s0 * s0) return (y0 * s2 - y1 * s1) / determinant;
  return y0 / s0;
}

}  // namespace

std::vector<double> smoothPath(const std::vector<double>& path, double sd, double tolerance) {
  std::vector<double> trust(path.size(), 1.0);
  std::vector<double> smooth(path.size(), std::numeric_limits<double>::quiet_NaN());
  for (int round = 0;; ++round) {
    for (std::size_t i = 0; i < path.size(); ++i) {
      smooth[i] = parabolaAtZero(path, trust, static_cast<int>(i), sd);
    }
    if (round == kRounds) return smooth;
    std::vector<double> residuals;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (!std::isnan(path[i])) residuals.push_back(std::abs(path[i] - smooth[i]));
    }
    if (residuals.empty()) return smooth;
    const auto middle = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2);
    std::nth_element(residuals.begin(), middle, residuals.end());
    const double cut = std::max(kCutMedians * *middle, tolerance);
    if (!(cut > 0)) return smooth;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (std::isnan(path[i])) continue;
      const double u = (path[i] - smooth[i]) / cut;
      trust[i] = std::abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0.0;
    }
  }
}

std::vector<double> withoutOutliers(const std::vector<double>& path, int reach, double tolerance) {
  const int count = static_cast<int>(path.size());
  std::vector<double> kept = path;
  std::vector<double> near;
  for (int i = 0; i < count; ++i) {
    if (std::isnan(path[static_cast<std::size_t>(i)])) continue;
    near.clear();
    // Evenly to both sides: at an end the median of a slope would lie beside it.
    const int even = std::min({reach, i, count - 1 - i});
    for (int k = i - std::max(even, 1); k <= i + std::max(even, 1); ++k) {
      if (k >= 0 && k < count && !std::isnan(path[static_cast<std::size_t>(k)]))
        near.push_back(path[static_cast<std::size_t>(k)]);
    }
    const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
    std::nth_element(near.begin(), middle, near.end());
    if (std::abs(path[static_cast<std::size_t>(i)] - *middle) > tolerance)
      kept[static_cast<std::size_t>(i)] = std::numeric_limits<double>::quiet_NaN();
  }
  return kept;
}

}  // namespace soleus
