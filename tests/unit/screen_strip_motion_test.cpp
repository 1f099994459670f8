#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <random>

#include "calibration/screen/strip_motion.h"
#include "tests/unit/unroll_screen.h"

namespace soleus {
namespace {

using testing::Screen;

/// Plays `durationS` of the screen, `frameRate` a second, to a StripMotion. `drift`: by how much it runs
/// ahead in the end, in columns.
std::optional<StripPace> paceOf(const Screen& screen, double durationS, double frameRate, double drift = 0) {
  StripMotion motion({0, 0, screen.widthPx, screen.heightPx});
  for (int n = 0; n < durationS * frameRate; ++n) {
    const double timeS = n / frameRate;
    const double share = timeS / durationS;
    const double columns = timeS / screen.secondsPerColumn + drift * share * share;
    const long complete = screen.startColumn + static_cast<long>(std::floor(columns + 1e-6));
    motion.push(screen.strip(complete, timeS), SessionTime::fromSeconds(timeS));
  }
  return motion.pace();
}

TEST(StripMotion, StatesAnErrorThatCoversTheTrueOne) {
  for (const Display display : {Display::kSweep, Display::kScroll}) {
    for (const double secondsPerColumn : {0.0051, 0.0078, 0.01391, 0.0227}) {
      for (const double frameRate : {25.0, 60.0}) {
        SCOPED_TRACE(::testing::Message() << secondsPerColumn << " s, " << frameRate << " frames/s, "
                                          << (display == Display::kSweep ? "sweep" : "scroll"));
        Screen screen;
        screen.display = display;
        screen.secondsPerColumn = secondsPerColumn;
        screen.gapPx = 6;
        const auto pace = paceOf(screen, 8, frameRate);
        ASSERT_TRUE(pace);
        EXPECT_EQ(pace->display, display);
        const double off = std::abs(pace->secondsPerPixel / secondsPerColumn - 1);
        EXPECT_LT(off, 0.003);
        EXPECT_LT(off, pace->uncertainty);
        // Eight seconds are enough to settle it, where they show a whole lap.
        const bool whole = display == Display::kScroll || secondsPerColumn * screen.widthPx < 7;
        EXPECT_LT(pace->uncertainty, whole ? 0.004 : 0.01);
      }
    }
  }
}

TEST(StripMotion, StatesALargerErrorAfterAShortLook) {
  Screen screen;
  const auto brief = paceOf(screen, 3.5, 25);
  const auto lasting = paceOf(screen, 12, 25);
  ASSERT_TRUE(brief && lasting);
  EXPECT_GT(brief->uncertainty, 1.5 * lasting->uncertainty);
}

TEST(StripMotion, IsUnsureOfAPaceThatChanges) {
  Screen screen;
  const auto pace = paceOf(screen, 10, 25, 30);
  EXPECT_TRUE(!pace || pace->uncertainty > 0.004);
}

TEST(StripMotion, WatchesFromTheFirstFrameOn) {
  Screen screen;
  screen.display = Display::kScroll;
  const auto pace = paceOf(screen, 5, 25);
  ASSERT_TRUE(pace);
  EXPECT_GT(pace->watchedS, 4.2);
}

// Smear was taken for columns of the strip, and the unroller counts them at each turn of the bar: by the
// lines of the laps the pace is right all the same, and what the columns do to it is nothing.
TEST(StripMotion, ASweepsPaceIsRightOverColumnsThatItDoesNotHave) {
  Screen screen;
  constexpr int kMorePx = 12;
  StripMotion motion({0, 0, screen.widthPx + kMorePx, screen.heightPx});
  for (int n = 0; n < 400; ++n) {
    const double timeS = n / 30.0;
    const long complete =
        screen.startColumn + static_cast<long>(std::floor(timeS / screen.secondsPerColumn + 1e-6));
    cv::Mat wide;
    cv::copyMakeBorder(screen.strip(complete, timeS), wide, 0, 0, 0, kMorePx, cv::BORDER_CONSTANT, 0);
    motion.push(wide, SessionTime::fromSeconds(timeS));
  }
  const auto pace = motion.pace();
  ASSERT_TRUE(pace);
  EXPECT_NEAR(pace->secondsPerPixel / screen.secondsPerColumn, 1, 0.001);
  EXPECT_LT(pace->uncertainty, 0.004);
  EXPECT_FALSE(pace->overTurns);
}

// Begun anew after it, the unroller does not tell its error.
TEST(StripMotion, StatesAnErrorThatCoversTheTrueOneOfAStripThatStoodStill) {
  for (const double stillFromS : {2.5, 4.0, 6.0}) {
    SCOPED_TRACE(stillFromS);
    Screen screen;
    StripMotion motion({0, 0, screen.widthPx, screen.heightPx});
    for (int n = 0; n < 300; ++n) {
      const double timeS = std::min(n / 30.0, stillFromS);
      const long complete =
          screen.startColumn + static_cast<long>(std::floor(timeS / screen.secondsPerColumn + 1e-6));
      motion.push(screen.strip(complete, timeS), SessionTime::fromSeconds(n / 30.0));
    }
    const auto pace = motion.pace();
    if (!pace) continue;
    EXPECT_LE(std::abs(pace->secondsPerPixel / screen.secondsPerColumn - 1), pace->uncertainty);
  }
}

TEST(StripMotion, HasNoPaceForANoisyPictureThatStays) {
  StripMotion motion({0, 0, 300, 64});
  std::mt19937 random(3);
  for (int n = 0; n < 150; ++n) {
    cv::Mat strip(64, 300, CV_8UC1);
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 300; ++x) strip.at<uchar>(y, x) = static_cast<uchar>(random() % 200);
    }
    motion.push(strip, SessionTime::fromSeconds(n / 25.0));
  }
  EXPECT_FALSE(motion.pace());
}

// As of a strip whose smear was taken for columns of its own: it was off by 0.57 %.
TEST(StripMotion, ColumnsThatAStripDoesNotHaveMakeASweepsPaceUnsure) {
  EXPECT_GT(paceOffByColumns({Display::kSweep, 0.006, 0.003, 8, true}, 703, 693), 0.0057);
  EXPECT_EQ(paceOffByColumns({Display::kSweep, 0.006, 0.003, 8, true}, 695, 693), 0);
  EXPECT_EQ(paceOffByColumns({Display::kSweep, 0.006, 0.003, 8, false}, 703, 693),
            0);  // of lines within laps
  EXPECT_EQ(paceOffByColumns({Display::kScroll, 0.006, 0.003, 8}, 703, 693), 0);
}

}  // namespace
}  // namespace soleus
