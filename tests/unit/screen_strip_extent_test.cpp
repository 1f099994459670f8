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

/// A strip without visible noise, in a black rectangle on a grey panel that ends at `bottom`.
ScreenPicture screenWithWell(int bottom) {
  ScreenPicture picture = screenWithNoise();
  picture.range.setTo(0);
  // Waves of many heights: no row of theirs is an edge.
  for (int x = 0; x < kFlow.width; ++x) {
    const int top = kFlow.height - 1 - (37 * x) % kFlow.height;
    picture.range(kFlow).col(x).rowRange(top, kFlow.height).setTo(100);
  }
  picture.mean.setTo(54);
  picture.mean(cv::Rect(kStrip.x, kStrip.y, kStrip.width, bottom - kStrip.y)).setTo(2);
  picture.mean(kFlow).setTo(40);
  picture.mean(kFlow).rowRange(0, 30).setTo(2);
  return picture;
}

TEST(StripExtent, AStripOfBlackNoiseEndsAtThePanelAboutIt) {
  const auto regions = withWholeStrip(screenWithWell(kStrip.y + kStrip.height), {strip(kFlow)});
  EXPECT_EQ(regions.front().region.box, kStrip);
  EXPECT_TRUE(regions.front().region.filledTop && regions.front().region.toThePixel());
}

// With it the strip would be the higher, and its range of velocities spread over too many rows.
TEST(StripExtent, ATraceInTheSameRectangleIsNoPartOfIt) {
  const cv::Rect trace(60, 370, 500, 40);
  ScreenPicture picture = screenWithWell(420);
  picture.range(trace).setTo(60);
  const auto regions = withWholeStrip(picture, {strip(kFlow), strip(trace)});
  EXPECT_LE(regions.front().region.box.br().y, trace.y);
  EXPECT_FALSE(regions.front().region.toThePixel() && regions.front().region.filledBottom);
}

}  // namespace
}  // namespace soleus
