#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <random>

#include "calibration/screen/time_ticks.h"

namespace soleus {
namespace {

const cv::Rect kStrip(40, 60, 420, 100);

/// Ticks of 7 rows every `parts` times `pitchPx`, of 4 rows between them, two rows below the strip.
cv::Mat ticksBelow(double pitchPx, int parts, double fromPx = 0) {
  cv::Mat ink = cv::Mat::zeros(240, 520, CV_8U);
  for (int i = 0; fromPx + i * pitchPx <= kStrip.width; ++i) {
    const int x = kStrip.x + static_cast<int>(fromPx + i * pitchPx);
    ink(cv::Rect(x, kStrip.y + kStrip.height + 2, 1, i % parts == 0 ? 7 : 4)).setTo(190);
  }
  return ink;
}

TEST(TimeTicks, PitchIsWithinItsBound) {
  for (const double pitch : {7.31, 19.87, 61.2, 139.4}) {
    const auto ticks = findTimeTicks(ticksBelow(pitch, 5), kStrip);
    ASSERT_TRUE(ticks) << pitch;
    EXPECT_NEAR(ticks->pitchPx / pitch, 1, ticks->uncertainty) << pitch;
    EXPECT_LT(ticks->uncertainty, 0.004) << pitch;
    EXPECT_EQ(ticks->count, static_cast<int>(kStrip.width / pitch) + 1) << pitch;
  }
}

TEST(TimeTicks, RowsThatWereFoundTooFarOutDoNotHideThem) {
  for (const int off : {-6, 3}) {
    const cv::Rect strip(kStrip.x, kStrip.y, kStrip.width, kStrip.height + off);
    EXPECT_TRUE(findTimeTicks(ticksBelow(61.2, 1), strip)) << off;
  }
}

TEST(TimeTicks, AFrameThatTheyStandOnAndOneThatIsHiddenDoNoHarm) {
  cv::Mat ink = ticksBelow(41.7, 1);
  ink.row(kStrip.y + kStrip.height + 1).setTo(120);
  ink(cv::Rect(kStrip.x + 4 * 41 - 3, kStrip.y + kStrip.height + 2, 14, 9)).setTo(0);
  const auto ticks = findTimeTicks(ink, kStrip);
  ASSERT_TRUE(ticks);
  EXPECT_NEAR(ticks->pitchPx / 41.7, 1, ticks->uncertainty);
}

TEST(TimeTicks, TwoAreTakenWhereOneStandsAtTheStripsEnd) {
  for (const double pitch : {231.3, 299.95, 312.02}) {
    const auto ticks = findTimeTicks(ticksBelow(pitch, 1), kStrip);
    ASSERT_TRUE(ticks) << pitch;
    EXPECT_NEAR(ticks->pitchPx / pitch, 1, ticks->uncertainty) << pitch;
    EXPECT_FALSE(findTimeTicks(ticksBelow(pitch, 1, 9), kStrip)) << pitch;
  }
}

// Ticks of another thing stand where it ends.
TEST(TimeTicks, BeginAtAnEndOfTheStrip) {
  EXPECT_FALSE(findTimeTicks(ticksBelow(41.7, 1, 17), kStrip));
  EXPECT_TRUE(findTimeTicks(ticksBelow(kStrip.width / 10.0, 1, 0), kStrip));
}

// 61.4 that is rounded at each step is as even as 61.
TEST(TimeTicks, StepsThatAreAllTheSameMayBeRoundedOneByOne) {
  const auto ticks = findTimeTicks(ticksBelow(61, 1), kStrip);
  ASSERT_TRUE(ticks);
  EXPECT_GE(ticks->uncertainty, 0.4 / 61);
  EXPECT_LT(findTimeTicks(ticksBelow(61.4, 1), kStrip)->uncertainty, 0.003);
}

TEST(TimeTicks, OneNextToTheSideOfAFrameIsSeen) {
  cv::Mat ink = cv::Mat::zeros(240, 520, CV_8U);
  for (const double away : {0.0, 131.3, 262.6, 393.9})
    ink(cv::Rect(kStrip.x + kStrip.width - static_cast<int>(std::ceil(away)), kStrip.y + kStrip.height + 2, 1,
                 7))
        .setTo(190);
  ink(cv::Rect(kStrip.x + kStrip.width + 1, kStrip.y - 2, 1, kStrip.height + 4)).setTo(110);
  const auto ticks = findTimeTicks(ink, kStrip);
  ASSERT_TRUE(ticks);
  EXPECT_EQ(ticks->count, 4);
}

TEST(TimeTicks, AboveTheStripTheyAreLookedForLast) {
  cv::Mat ink = ticksBelow(61.3, 1);
  for (int x = 0; x <= kStrip.width; x += 20) ink(cv::Rect(kStrip.x + x, kStrip.y - 6, 1, 4)).setTo(190);
  EXPECT_EQ(findTimeTicks(ink, kStrip)->count, 7);
  ink.rowRange(kStrip.y + kStrip.height, 240).setTo(0);
  EXPECT_EQ(findTimeTicks(ink, kStrip)->count, 22);
}

TEST(TimeTicks, SidesOfAFrameAreNone) {
  cv::Mat ink = cv::Mat::zeros(240, 520, CV_8U);
  for (const int x : {kStrip.x, kStrip.x + kStrip.width + 1})
    ink(cv::Rect(x, kStrip.y - 2, 1, kStrip.height + 4)).setTo(120);
  EXPECT_FALSE(findTimeTicks(ink, kStrip));
}

// Stems of letters stand where they like.
TEST(TimeTicks, PrintIsNoComb) {
  std::mt19937 random(1005);
  int found = 0;
  for (int round = 0; round < 500; ++round) {
    cv::Mat ink = cv::Mat::zeros(240, 520, CV_8U);
    for (int x = kStrip.x; x < kStrip.x + kStrip.width; x += 3 + static_cast<int>(random() % 20))
      ink(cv::Rect(x, kStrip.y + kStrip.height + 3, 1, 9)).setTo(190);
    found += findTimeTicks(ink, kStrip).has_value() ? 1 : 0;
  }
  EXPECT_EQ(found, 0);
}

TEST(TimeTicks, StandForRoundTimes) {
  const TimeTicks ticks{50, 0.001, 9};
  EXPECT_DOUBLE_EQ(roundTickS(ticks, 0.0101), 0.5);
  EXPECT_DOUBLE_EQ(roundTickS(ticks, 0.00795), 0.4);
  EXPECT_DOUBLE_EQ(roundTickS(ticks, 0.0196), 1.0);
  EXPECT_TRUE(std::isnan(roundTickS(ticks, 0.014)));
}

}  // namespace
}  // namespace soleus
