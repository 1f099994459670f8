#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "pipeline/doppler/measure_columns.h"
#include "pipeline/doppler/wall_echo.h"
#include "tests/unit/measure_synthetic.h"

namespace soleus {
namespace {

constexpr double kNoise = 1;
constexpr float kBlood = 10;
constexpr float kWall = 2000;
constexpr int kWallRows = 10;
constexpr int kColumns = 200;

/// 288 rows of 0.56 cm/s about the middle.
DirectionAxis axis() {
  return directionAxis(testing::calibrationOf({}));
}

/// Speckle of blood over `up` rows toward the heart and `down` away from it, with a wall about zero.
cv::Mat powerOf(int up, int down, bool wall) {
  std::mt19937 random(7);
  std::exponential_distribution<float> speckle;
  const DirectionAxis a = axis();
  cv::Mat power(kColumns, a.size, CV_32F);
  for (int c = 0; c < kColumns; ++c) {
    for (int row = 0; row < a.size; ++row) {
      const int from = row >= a.firstForward ? row - a.firstForward : a.lastReverse - row;
      const bool flows = from < (row >= a.firstForward ? up : down);
      const bool echoes = wall && from < kWallRows;
      power.at<float>(c, row) =
          speckle(random) * (static_cast<float>(kNoise) + (flows ? kBlood : 0) + (echoes ? kWall : 0));
    }
  }
  return power;
}

/// Mean power of the rows nearest to zero on a side, before the wall ends.
double atZero(const cv::Mat& power, bool up) {
  const DirectionAxis a = axis();
  const int first = up ? a.firstForward : a.lastReverse - kWallRows + 1;
  return cv::mean(power.colRange(first, first + kWallRows))[0];
}

cv::Mat quieted(const cv::Mat& power) {
  cv::Mat result = power.clone();
  quietWalls(result, kNoise, 0.00381, 0.7, axis());
  return result;
}

TEST(WallEcho, IsTakenDownToTheBloodAndToNoiseWhereNothingFlows) {
  const cv::Mat quiet = quieted(powerOf(100, 0, true));
  EXPECT_NEAR(atZero(quiet, true), kBlood + kNoise, 3);
  EXPECT_LT(atZero(quiet, false), 2 * kNoise);
}

TEST(WallEcho, LeavesFlowOfBothDirections) {
  const cv::Mat power = powerOf(100, 60, true);
  const cv::Mat quiet = quieted(power);
  EXPECT_NEAR(atZero(quiet, false), kBlood + kNoise, 3);
  const int beyond = axis().firstForward + kWallRows + 3;
  EXPECT_EQ(cv::norm(quiet.colRange(beyond, quiet.cols), power.colRange(beyond, power.cols), cv::NORM_INF),
            0);
}

TEST(WallEcho, SpeckleIsNone) {
  for (const auto& [up, down] : {std::pair{100, 0}, std::pair{100, 60}, std::pair{12, 0}, std::pair{0, 0}}) {
    const cv::Mat power = powerOf(up, down, false);
    EXPECT_NEAR(cv::mean(quieted(power))[0], cv::mean(power)[0], 0.005 * cv::mean(power)[0]) << up << down;
  }
}

// Reverse flow that fills its side and comes in at the far end of the other: no level is to be had there.
TEST(WallEcho, AliasedFlowStays) {
  cv::Mat power = powerOf(0, 300, false);
  std::mt19937 random(8);
  std::exponential_distribution<float> speckle;
  for (int c = 0; c < kColumns; ++c) {
    for (int row = power.cols - 25; row < power.cols; ++row)
      power.at<float>(c, row) = kBlood * speckle(random);
  }
  const cv::Mat down = power.colRange(0, axis().lastReverse + 1);
  EXPECT_NEAR(cv::mean(quieted(power).colRange(0, down.cols))[0], cv::mean(down)[0],
              0.01 * cv::mean(down)[0]);
}

// A tick or a print at the edge of the other side is no flow that the blood is measured against.
TEST(WallEcho, AMarkOnTheOtherSideChangesNothing) {
  cv::Mat power = powerOf(40, 0, false);
  power.colRange(20, 24) = 50 * kBlood;
  EXPECT_EQ(cv::norm(quieted(power), power, cv::NORM_INF), 0);
}

// A vein beside it: slower blood is denser on the axis.
TEST(WallEcho, DenseFlowBesideThinFlowStays) {
  cv::Mat power = powerOf(60, 64, false);
  power.colRange(axis().firstForward, axis().firstForward + 60) *= 15;
  EXPECT_NEAR(atZero(quieted(power), true), atZero(power, true), 0.02 * atZero(power, true));
}

// Nothing tells slow flow from a wall: it stays as it is.
TEST(WallEcho, StaysWhereNoFlowLeavesIt) {
  const cv::Mat power = powerOf(12, 0, true);
  EXPECT_EQ(cv::norm(quieted(power), power, cv::NORM_INF), 0);
}

// Through the whole measurement: a wall for a quarter of a second, 25 dB above the blood and up to 6 cm/s.
TEST(WallEcho, IsNotTakenForTheEndOfTheFlow) {
  testing::SyntheticStrip strip;
  strip.peakDb = -25;
  cv::Mat grey = testing::renderStrip(strip);
  const int zero = strip.rows / 2;
  for (int row = zero - kWallRows; row <= zero + kWallRows; ++row) {
    for (int c = 100; c < 165; ++c) {
      std::uint8_t& value = grey.at<std::uint8_t>(row, c);
      value = std::max<std::uint8_t>(value, static_cast<std::uint8_t>(250 - 4 * std::abs(row - zero)));
    }
  }
  const DopplerCalibration calibration = testing::calibrationOf(strip);
  int column = 0;
  for (const StripBlock& block : testing::blocksOf(grey, strip.secondsPerColumn)) {
    for (const DopplerColumn& measured : measureColumns(block, calibration, {})) {
      ASSERT_NEAR(measured.peakCmPerS, 60, 4) << "column " << column;
      ASSERT_NEAR(measured.meanCmPerS, 30, 6) << "column " << column;
      ++column;
    }
  }
  EXPECT_EQ(column, strip.columns);
}

}  // namespace
}  // namespace soleus
