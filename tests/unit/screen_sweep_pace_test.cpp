#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <opencv2/core.hpp>
#include <random>

#include "calibration/screen/sweep_pace.h"

namespace soleus {
namespace {

constexpr int kWidth = 400;
constexpr int kHeight = 60;
constexpr double kFrameS = 1.0 / 30;
constexpr double kPace = 0.0137;

struct Play {
  double lastsS = 10;
  double stopsS = 1e9;        // the bar
  double redrawnS = kFrameS;  // the screen
  bool twice = false;         // each frame, at all but the same moment
};

/// A bar that writes noise, three black columns before it; `disturb` changes a frame.
SweepPace swept(const std::function<void(cv::Mat& strip, int frame)>& disturb, const Play& play = {}) {
  std::mt19937 random(5);
  std::uniform_int_distribution<int> grey(20, 90);
  const auto draw = [&](cv::Mat& strip, long column, int value) {
    const int x = static_cast<int>(column % kWidth);
    for (int y = 0; y < kHeight; ++y)
      strip.at<uchar>(y, x) = static_cast<uchar>(value < 0 ? grey(random) : value);
  };
  cv::Mat strip = cv::Mat::zeros(kHeight, kWidth, CV_8UC1);
  for (int x = 0; x < kWidth; ++x) draw(strip, x, -1);
  SweepPace pace;
  long written = 150;
  for (int frame = 0; frame * kFrameS < play.lastsS; ++frame) {
    const double timeS = frame * kFrameS;
    const double drawnS = std::min(std::floor(timeS / play.redrawnS + 1e-6) * play.redrawnS, play.stopsS);
    for (; written < 150 + drawnS / kPace; ++written) {
      draw(strip, written, -1);
      draw(strip, written + 3, 0);
    }
    cv::Mat shown = strip.clone();
    disturb(shown, frame);
    pace.push(shown, timeS);
    if (play.twice) pace.push(shown, timeS + 1e-7);
  }
  return pace;
}

TEST(SweepPace, IsThatOfTheBar) {
  const auto found = swept([](cv::Mat&, int) {}).near(kPace * 1.02);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->secondsPerPixel / kPace, 1, 0.0003);
  EXPECT_LT(found->uncertainty, 0.002);
  EXPECT_LE(std::abs(found->secondsPerPixel / kPace - 1), found->uncertainty);
}

TEST(SweepPace, IsMeasuredWhereStampsAllButCoincide) {
  const auto found = swept([](cv::Mat&, int) {}, {.twice = true}).near(kPace);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->secondsPerPixel / kPace, 1, 0.001);
}

// A codec's whole picture, and half a second in which other columns change than the bar's.
TEST(SweepPace, IsNotLedAstrayByADisturbance) {
  const auto found = swept([](cv::Mat& strip, int frame) {
                       if (frame % 50 == 7) strip += 4;
                       if (frame >= 100 && frame < 115) strip.colRange(3 * frame, 3 * frame + 6) += 60;
                     }).near(kPace * 0.98);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->secondsPerPixel / kPace, 1, 0.002);
  EXPECT_LE(std::abs(found->secondsPerPixel / kPace - 1), found->uncertainty);
}

// A frame off at the end of each lap is not yet told from the true one, eight frames are.
TEST(SweepPace, ExplainsTheChangesWhereItIsRight) {
  const SweepPace pace = swept([](cv::Mat&, int) {});
  const double right = pace.explained(kPace);
  EXPECT_GT(right, 0.4);
  const double frameShare = kFrameS / (kWidth * kPace);
  EXPECT_GT(pace.explained(kPace * (1 + frameShare / 2)), 0.8 * right);
  EXPECT_LT(pace.explained(kPace * (1 + 8 * frameShare)), 0.6 * right);
}

TEST(SweepPace, IsNoneWhereNothingIsSwept) {
  SweepPace still;
  const cv::Mat strip = cv::Mat::zeros(kHeight, kWidth, CV_8UC1);
  for (int frame = 0; frame < 100; ++frame) still.push(strip, frame * kFrameS);
  EXPECT_FALSE(still.near(kPace));
}

// A film of more frames than the screen shows: what is changed between two is a whole redrawing's.
TEST(SweepPace, IsMeasuredWhereAScreenIsFilmedFasterThanItIsRedrawn) {
  const auto found = swept([](cv::Mat&, int) {}, {.lastsS = 20, .redrawnS = 4 * kFrameS}).near(kPace * 1.01);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->secondsPerPixel / kPace, 1, 0.002);
  EXPECT_LE(std::abs(found->secondsPerPixel / kPace - 1), found->uncertainty);
}

// All that is known of it was seen in a fifth of the time.
TEST(SweepPace, OfABarThatSoonStopsIsAsUnsureAsWhatWasSeen) {
  const auto found = swept([](cv::Mat&, int) {}, {.lastsS = 20, .stopsS = 1.5}).near(kPace * 1.01);
  EXPECT_TRUE(!found || std::abs(found->secondsPerPixel / kPace - 1) <= found->uncertainty);
}

// Columns that flicker tell no pace, and none outside of what was asked for.
TEST(SweepPace, IsNoneOfAFewColumnsThatFlicker) {
  std::mt19937 random(3);
  std::uniform_int_distribution<int> grey(0, 255);
  for (const double near : {0.0027, 0.01, 0.02}) {
    SweepPace pace;
    for (int frame = 0; frame < 300; ++frame) {
      cv::Mat strip = cv::Mat::zeros(kHeight, kWidth, CV_8UC1);
      for (int x = 200; x < 206; ++x) strip.col(x).setTo(grey(random));
      pace.push(strip, frame * kFrameS);
    }
    const auto found = pace.near(near);
    EXPECT_TRUE(!found || found->uncertainty > 0.01) << near;
    EXPECT_GE(pace.explained(near), 0);
    if (!found) continue;
    EXPECT_NEAR(found->secondsPerPixel / near, 1, 0.0401);
  }
}

// Changes at any place and time gather at no pace.
TEST(SweepPace, IsUnsureOfChangesThatAreNoBar) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> column(0, kWidth - 1);
  const auto found = swept([&](cv::Mat& strip, int) {
                       strip.setTo(0);
                       for (int i = 0; i < 5; ++i) strip.col(column(random)).setTo(90);
                     }).near(kPace);
  EXPECT_TRUE(!found || found->uncertainty > 0.01) << found->uncertainty;
}

}  // namespace
}  // namespace soleus
