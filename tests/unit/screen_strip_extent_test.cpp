#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <optional>
#include <random>

#include "calibration/screen/strip_extent.h"

namespace soleus {
namespace {

const cv::Rect kStrip(60, 100, 500, 300);
const cv::Rect kFlow(60, 200, 500, 120);
// A band of noise that moved enough to be found, apart from the flow.
const cv::Rect kBand(58, 98, 504, 40);
const StripPace kPace{Display::kSweep, 0.0112, 0.0004, 8};

/// Faint noise in the strip, brighter flow in the middle of it.
ScreenPicture screenWithNoise() {
  ScreenPicture picture;
  picture.range = cv::Mat(480, 640, CV_8UC1, cv::Scalar(0));
  picture.mean = cv::Mat(480, 640, CV_8UC1, cv::Scalar(16));
  std::mt19937 random(11);
  std::uniform_int_distribution<int> any(12, 32);
  for (int y = kStrip.y; y < kStrip.y + kStrip.height; ++y) {
    for (int x = kStrip.x; x < kStrip.x + kStrip.width; ++x)
      picture.range.at<uchar>(y, x) = static_cast<uchar>(any(random));
  }
  picture.range(kFlow) += 100;
  return picture;
}

WatchedRegion strip(const cv::Rect& box, double secondsPerPixel = kPace.secondsPerPixel) {
  StripPace pace = kPace;
  pace.secondsPerPixel = secondsPerPixel;
  return {{box}, pace};
}

TEST(StripExtent, ABandOfItsNoiseFoundApartIsPartOfTheStrip) {
  const auto regions = withWholeStrip(screenWithNoise(), {strip(kFlow), strip(kBand)});
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_EQ(regions.front().region.box, kStrip);
  EXPECT_TRUE(regions.front().region.filledTop && regions.front().region.filledBottom);
}

// What moves otherwise is something else, and the strip ends before it.
TEST(StripExtent, ARegionOfAnotherPaceBoundsTheStrip) {
  for (const auto& pace : {std::optional<double>(0.02), std::optional<double>()}) {
    WatchedRegion other = strip(kBand, pace.value_or(0));
    if (!pace) other.pace.reset();
    const auto regions = withWholeStrip(screenWithNoise(), {strip(kFlow), other});
    ASSERT_EQ(regions.size(), 2u);
    EXPECT_GE(regions.front().region.box.y, kBand.y + kBand.height);
  }
}

// An ECG runs at the strip's pace, but it is a trace and no noise.
TEST(StripExtent, ATraceAtTheSamePaceIsNoPartOfIt) {
  const cv::Rect trace(60, 410, 500, 40);
  ScreenPicture picture = screenWithNoise();
  for (int y = trace.y; y < trace.y + trace.height; ++y)
    picture.range.row(y).colRange(trace.x, trace.x + trace.width) = cv::Scalar(40 + 4 * (y - trace.y));
  const auto regions = withWholeStrip(picture, {strip(kFlow), strip(trace)});
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions.front().region.box, kStrip);
}

}  // namespace
}  // namespace soleus
