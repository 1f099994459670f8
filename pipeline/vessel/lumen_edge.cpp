#include "pipeline/vessel/lumen_edge.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Twelve grey levels are the noise of a compressed video; below a third of the tissue the lumen is filled by
// echoes or is none.
constexpr double kLeastContrastGrey = 12.0;
constexpr double kLeastContrastShare = 0.35;

}  // namespace

void greyAlong(const cv::Mat& picture, cv::Point2f from, cv::Point2f step, std::span<float> profile) {
  const auto right = static_cast<float>(picture.cols - 1.001);
  const auto bottom = static_cast<float>(picture.rows - 1.001);
  const auto below = static_cast<std::ptrdiff_t>(picture.step);
  for (std::size_t i = 0; i < profile.size(); ++i) {
    const float x = std::clamp(from.x - 0.5F + static_cast<float>(i) * step.x, 0.0F, right);
    const float y = std::clamp(from.y - 0.5F + static_cast<float>(i) * step.y, 0.0F, bottom);
    const int column = static_cast<int>(x);
    const int row = static_cast<int>(y);
    const float fx = x - static_cast<float>(column);
    const float fy = y - static_cast<float>(row);
    const std::uint8_t* pixel = picture.data + row * below + column;
    const auto level = [&](std::ptrdiff_t at) { return static_cast<float>(pixel[at]); };
    profile[i] = (1 - fy) * ((1 - fx) * level(0) + fx * level(1)) +
                 fy * ((1 - fx) * level(below) + fx * level(below + 1));
  }
}

std::optional<double> wallIndex(std::span<const float> profile, double lumenGrey, double tissueGrey) {
  const double threshold = 0.5 * (lumenGrey + tissueGrey);
  const double limit = threshold - lumenGrey;
  double sum = 0;
  double best = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < profile.size(); ++i) {
    sum += std::clamp(threshold - profile[i], -limit, limit);
    if (sum <= best) continue;
    best = sum;
    end = i + 1;
  }
  if (end == 0 || end == profile.size()) return std::nullopt;
  const double inside = profile[end - 1];
  const double outside = profile[end];
  if (outside <= inside) return std::nullopt;
  return static_cast<double>(end) - 1.0 + std::clamp((threshold - inside) / (outside - inside), 0.0, 1.0);
}

double halfWayToWall(std::span<const float> profile, double index, double lumenGrey, double wallGrey,
                     int reach) {
  const double threshold = 0.5 * (lumenGrey + wallGrey);
  const auto begin = static_cast<std::size_t>(index);
  const std::size_t end = std::min(profile.size(), begin + static_cast<std::size_t>(reach) + 2);
  for (std::size_t i = begin + 1; i < end; ++i) {
    if (profile[i] < threshold || profile[i] <= profile[i - 1]) continue;
    const double crossing =
        static_cast<double>(i) - (profile[i] - threshold) / static_cast<double>(profile[i] - profile[i - 1]);
    return std::max(index, crossing);
  }
  return index;
}

bool hasContrast(double lumenGrey, double tissueGrey) {
  return tissueGrey - lumenGrey > std::max(kLeastContrastGrey, kLeastContrastShare * tissueGrey);
}

}  // namespace soleus
