#include "calibration/phantom/display_faults.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "calibration/phantom/limited_range.h"

namespace soleus {
namespace {

// The arms of the crosses that scanners print at a peak.
constexpr int kArmPx = 4;
constexpr double kFontScale = 0.4;

using Rgb = std::array<double, 3>;  // 0 to 1, the largest 1: a map's white keeps its brightest component

Rgb colourOf(DisplayFaults::Tint tint) {
  if (tint == DisplayFaults::Tint::kAmber) return {1.0, 0.75, 0.3};
  return {0.45, 0.7, 1.0};
}

double lumaOf(const Rgb& c) {
  return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

}  // namespace

void paintOverlay(const DisplayFaults& faults, double timeS, cv::Mat luma) {
  if (!faults.overlay || timeS < faults.overlay->startS || timeS >= faults.overlay->endS) return;
  const DisplayFaults::Overlay& mark = *faults.overlay;
  const cv::Scalar white(lumaOfGrey(255));
  switch (mark.mark) {
    case DisplayFaults::Mark::kLine:
      cv::line(luma, {mark.x, 0}, {mark.x, luma.rows - 1}, white);
      return;
    case DisplayFaults::Mark::kCross:
      cv::line(luma, {mark.x - kArmPx, mark.y}, {mark.x + kArmPx, mark.y}, white);
      cv::line(luma, {mark.x, mark.y - kArmPx}, {mark.x, mark.y + kArmPx}, white);
      return;
    case DisplayFaults::Mark::kText:
      cv::putText(luma, "PV 62", {mark.x - 20, mark.y + 5}, cv::FONT_HERSHEY_SIMPLEX, kFontScale, white);
      return;
  }
}

void paintTint(DisplayFaults::Tint tint, cv::Mat luma, cv::Mat u, cv::Mat v) {
  if (tint == DisplayFaults::Tint::kNone) return;
  const Rgb colour = colourOf(tint);
  const double weight = lumaOf(colour);
  for (int y = 0; y < u.rows; ++y) {
    for (int x = 0; x < u.cols; ++x) {
      double above = 0;
      for (int k = 0; k < 4; ++k) {
        above += luma.at<std::uint8_t>(std::min(2 * y + k / 2, luma.rows - 1),
                                       std::min(2 * x + k % 2, luma.cols - 1)) -
                 16;
      }
      const double share = above / 4 / 219;  // of white, before it is coloured
      u.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(
          std::lround(kNeutralChroma + 224 * share * (colour[2] - weight) / 1.8556));
      v.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(
          std::lround(kNeutralChroma + 224 * share * (colour[0] - weight) / 1.5748));
    }
  }
  luma.convertTo(luma, CV_8U, weight, 16 * (1 - weight));
}

}  // namespace soleus
