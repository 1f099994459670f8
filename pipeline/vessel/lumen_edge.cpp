#include "pipeline/vessel/lumen_edge.h"

#include <algorithm>
#include <array>
#include <opencv2/core/hal/intrin.hpp>

namespace soleus {
namespace {

// Twelve grey levels are the noise of a compressed video; below a third of the tissue the lumen is filled by
// echoes or is none.
constexpr double kLeastContrastGrey = 12.0;
constexpr double kLeastContrastShare = 0.35;

/// The samples `first` to `first` + 3 of a profile inside the picture, between its pixels.
cv::v_float32x4 fourSamples(const cv::Mat& picture, cv::Point2f from, cv::Point2f step, int first) {
  const cv::v_float32x4 number = cv::v_cvt_f32(cv::v_int32x4(first, first + 1, first + 2, first + 3));
  const cv::v_float32x4 x = cv::v_setall_f32(from.x) + number * cv::v_setall_f32(step.x);
  const cv::v_float32x4 y = cv::v_setall_f32(from.y) + number * cv::v_setall_f32(step.y);
  const cv::v_int32x4 column = cv::v_trunc(x);
  const cv::v_int32x4 row = cv::v_trunc(y);
  std::array<int, 4> columns{};
  std::array<int, 4> rows{};
  cv::v_store(columns.data(), column);
  cv::v_store(rows.data(), row);
  std::array<std::array<int, 4>, 4> corners{};
  for (std::size_t k = 0; k < 4; ++k) {
    const auto* pixel = picture.ptr<std::uint8_t>(rows[k]) + columns[k];
    corners[0][k] = pixel[0];
    corners[1][k] = pixel[1];
    corners[2][k] = pixel[picture.step[0]];
    corners[3][k] = pixel[picture.step[0] + 1];
  }
  const auto level = [&](std::size_t corner) { return cv::v_cvt_f32(cv::v_load(corners[corner].data())); };
  const cv::v_float32x4 one = cv::v_setall_f32(1);
  const cv::v_float32x4 fx = x - cv::v_cvt_f32(column);
  const cv::v_float32x4 fy = y - cv::v_cvt_f32(row);
  return (one - fy) * ((one - fx) * level(0) + fx * level(1)) + fy * ((one - fx) * level(2) + fx * level(3));
}

}  // namespace

void greyAlong(const cv::Mat& picture, cv::Point2f from, cv::Point2f step, std::span<float> profile) {
  const auto right = static_cast<float>(picture.cols - 1.001);
  const auto bottom = static_cast<float>(picture.rows - 1.001);
  const auto below = static_cast<std::ptrdiff_t>(picture.step);
  const auto xAt = [&](std::size_t i) { return from.x - 0.5F + static_cast<float>(i) * step.x; };
  const auto yAt = [&](std::size_t i) { return from.y - 0.5F + static_cast<float>(i) * step.y; };
  const auto sample = [&](float x, float y) {
    const int column = static_cast<int>(x);
    const int row = static_cast<int>(y);
    const float fx = x - static_cast<float>(column);
    const float fy = y - static_cast<float>(row);
    const std::uint8_t* pixel = picture.data + row * below + column;
    const auto level = [&](std::ptrdiff_t at) { return static_cast<float>(pixel[at]); };
    return (1 - fy) * ((1 - fx) * level(0) + fx * level(1)) +
           fy * ((1 - fx) * level(below) + fx * level(below + 1));
  };
  const auto isInside = [&](std::size_t i) {
    return xAt(i) >= 0 && xAt(i) <= right && yAt(i) >= 0 && yAt(i) <= bottom;
  };
  const std::size_t count = profile.size();
  std::size_t i = 0;
  // What begins and ends inside stays inside: nearly all profiles do.
  if (count > 0 && isInside(0) && isInside(count - 1)) {
    constexpr int kLanes = cv::v_float32x4::nlanes;
    for (; i + kLanes <= count; i += kLanes)
      cv::v_store(&profile[i], fourSamples(picture, {xAt(0), yAt(0)}, step, static_cast<int>(i)));
  }
  for (; i < count; ++i)
    profile[i] = sample(std::clamp(xAt(i), 0.0F, right), std::clamp(yAt(i), 0.0F, bottom));
}

bool hasContrast(double lumenGrey, double tissueGrey) {
  return tissueGrey - lumenGrey > std::max(kLeastContrastGrey, kLeastContrastShare * tissueGrey);
}

}  // namespace soleus
