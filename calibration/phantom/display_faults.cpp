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

using Rgb = std::array<double, 3>;  // 0 to 1

/// What a map shows for a grey from 0 to 1: its brightest component keeps that grey.
Rgb colourOf(DisplayFaults::Tint tint, double grey) {
  switch (tint) {
    case DisplayFaults::Tint::kAmber:
      return {grey, 0.75 * grey, 0.3 * grey};
    case DisplayFaults::Tint::kBlue:
      return {(0.15 + 0.85 * grey) * grey, (0.35 + 0.65 * grey) * grey, grey};
    case DisplayFaults::Tint::kSepia:
      return {grey, (0.7 + 0.3 * grey) * grey, (0.35 + 0.65 * grey) * grey};
    case DisplayFaults::Tint::kNone:
      break;
  }
  return {grey, grey, grey};
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
  cv::Mat lumaOfMap(1, 256, CV_8UC1);
  std::array<double, 256> uOfMap{};
  std::array<double, 256> vOfMap{};
  for (std::size_t i = 0; i < uOfMap.size(); ++i) {
    const Rgb colour = colourOf(tint, (static_cast<double>(i) - 16) / 219);
    const double y = lumaOf(colour);
    lumaOfMap.at<std::uint8_t>(static_cast<int>(i)) = cv::saturate_cast<std::uint8_t>(16 + 219 * y);
    uOfMap[i] = 224 * (colour[2] - y) / 1.8556;
    vOfMap[i] = 224 * (colour[0] - y) / 1.5748;
  }
  for (int y = 0; y < u.rows; ++y) {
    for (int x = 0; x < u.cols; ++x) {
      double uSum = 0;
      double vSum = 0;
      for (int k = 0; k < 4; ++k) {
        const auto grey = luma.at<std::uint8_t>(std::min(2 * y + k / 2, luma.rows - 1),
                                                std::min(2 * x + k % 2, luma.cols - 1));
        uSum += uOfMap[grey];
        vSum += vOfMap[grey];
      }
      u.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(kNeutralChroma + uSum / 4);
      v.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(kNeutralChroma + vSum / 4);
    }
  }
  cv::LUT(luma, lumaOfMap, luma);
}

}  // namespace soleus
