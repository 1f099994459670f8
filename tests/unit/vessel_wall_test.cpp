#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <vector>

#include "pipeline/vessel/lumen_wall.h"

namespace soleus {
namespace {

constexpr int kStations = 60;
constexpr int kSamples = 40;
constexpr double kLumen = 10;
constexpr double kTissue = 90;

/// A picture whose rows are stations, one pixel a sample.
WallStrip stripOf(const cv::Mat& rows, bool closed = false) {
  std::vector<WallStation> stations;
  for (int y = 0; y < rows.rows; ++y) stations.push_back({{0.5, y + 0.5}, {1.0, 0.0}});
  return WallStrip(rows, stations, rows.cols, closed);
}

/// Lumen up to `wallAt(station)`, tissue beyond, with noise.
template <typename Wall>
cv::Mat rowsWith(Wall wallAt, double noiseGrey = 0) {
  cv::Mat rows(kStations, kSamples, CV_8U);
  cv::RNG random(5);
  for (int y = 0; y < kStations; ++y) {
    for (int x = 0; x < kSamples; ++x)
      rows.at<std::uint8_t>(y, x) =
          cv::saturate_cast<std::uint8_t>((x < wallAt(y) ? kLumen : kTissue) + random.gaussian(noiseGrey));
  }
  return rows;
}

std::vector<int> pathIn(const cv::Mat& rows, bool closed = false) {
  const std::vector<double> lumen(kStations, kLumen);
  const std::vector<double> tissue(kStations, kTissue);
  return wallPath(stripOf(rows, closed), lumen, tissue, 3.0);
}

TEST(WallPath, FollowsAWallThatBends) {
  const auto wall = [](int s) { return 20.0 + 6.0 * std::sin(2 * std::numbers::pi * s / kStations); };
  for (const bool closed : {false, true}) {
    const std::vector<int> path = pathIn(rowsWith(wall, 25), closed);
    for (int s = 0; s < kStations; ++s)
      EXPECT_NEAR(path[static_cast<std::size_t>(s)], std::ceil(wall(s)), 1.0) << closed << s;
  }
}

TEST(WallPath, KeepsToTheInnermostLineOfALayeredWall) {
  cv::Mat rows = rowsWith([](int) { return 24.0; }, 5);
  rows.colRange(16, 19).setTo(120);  // the intima, and behind it a layer as dark as the lumen
  for (const int at : pathIn(rows)) EXPECT_EQ(at, 16);
}

TEST(WallPath, CrossesAGapInTheWall) {
  cv::Mat rows = rowsWith([](int) { return 18.0; }, 5);
  rows.rowRange(25, 33).setTo(kLumen);
  for (const int at : pathIn(rows)) EXPECT_EQ(at, 18);
}

TEST(WallPath, PassesAMarkInTheLumen) {
  cv::Mat rows = rowsWith([](int) { return 22.0; }, 5);
  rows(cv::Rect(12, 20, 1, 12)).setTo(220);
  for (const int at : pathIn(rows)) EXPECT_EQ(at, 22);
}

TEST(HalfWay, IsExactOnARampToABrightWall) {
  for (const double middle : {18.0, 18.3, 18.75}) {
    cv::Mat rows(2, kSamples, CV_8U);
    for (int x = 0; x < kSamples; ++x) {
      // Four pixels wide, to a crest of 200 that falls to tissue; sample x lies at index x.
      const double up = std::clamp(0.5 + (x - middle) / 4.0, 0.0, 1.0);
      rows.at<std::uint8_t>(0, x) =
          cv::saturate_cast<std::uint8_t>(x > middle + 5 ? kTissue : std::lerp(kLumen, 200.0, up));
    }
    rows.row(0).copyTo(rows.row(1));
    const auto index = halfWayToCrest(stripOf(rows), 0, 10);
    ASSERT_TRUE(index);
    EXPECT_NEAR(*index, middle, 0.02);
  }
}

TEST(HalfWay, IsNothingWithoutAWall) {
  EXPECT_FALSE(halfWayToCrest(stripOf(cv::Mat(2, kSamples, CV_8U, cv::Scalar(50))), 0, 10));
  EXPECT_FALSE(halfWayToCrest(stripOf(rowsWith([](int) { return 0.0; })), 0, 10));
}

TEST(Strip, AveragesAlongTheWallOnly) {
  cv::Mat rows(kStations, kSamples, CV_8U, cv::Scalar(50));
  rows.row(0).setTo(150);
  const WallStrip open = stripOf(rows, false).averaged(2.0);
  const WallStrip closed = stripOf(rows, true).averaged(2.0);
  EXPECT_FLOAT_EQ(open.grey(kStations - 1)[3], 50);
  EXPECT_GT(closed.grey(kStations - 1)[3], 60);
  EXPECT_GT(open.grey(1)[3], 60);
}

}  // namespace
}  // namespace soleus
