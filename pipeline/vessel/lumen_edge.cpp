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

bool hasContrast(double lumenGrey, double tissueGrey) {
  return tissueGrey - lumenGrey > std::max(kLeastContrastGrey, kLeastContrastShare * tissueGrey);
}

}  // namespace soleus
