#include <gtest/gtest.h>

#include "tests/unit/unroll_screen.h"

namespace soleus::testing {
namespace {

Screen scrolling() {
  Screen screen;
  screen.display = Display::kScroll;
  screen.widthPx = 400;
  screen.secondsPerColumn = 0.00381;  // 8.76 columns a frame
  return screen;
}

void expectGood(const Screen& screen, const Playback& run, double durationS) {
  ASSERT_GT(run.columns.size(), 100U);
  expectUnbroken(run);
  const TimeError e = timeError(screen, run);
  EXPECT_LT(std::abs(e.mean), 0.5);
  EXPECT_LT(e.greatest, 1.0);
  EXPECT_LT(run.columns.front().timeS, 2 * screen.secondsPerColumn + 0.001);
  EXPECT_GT(run.columns.back().timeS, durationS - 0.05 - screen.secondsPerColumn);
  EXPECT_EQ(run.count(EventKind::kGap), 0);
  EXPECT_EQ(run.count(EventKind::kFault), 0);
}

TEST(ScrollUnroll, KnowsEveryColumn) {
  for (const double secondsPerColumn : {0.00381, 0.0123, 0.05, 0.00171}) {
    SCOPED_TRACE(secondsPerColumn);
    Screen screen = scrolling();
    screen.secondsPerColumn = secondsPerColumn;
    const Playback run = play(screen, 10, steady(screen));
    expectGood(screen, run, 10);
    EXPECT_NEAR(run.secondsPerColumn, secondsPerColumn, 0.002 * secondsPerColumn);
    // A block, its context, and what the unrolling itself holds back.
    EXPECT_LT(run.slowestS, 0.2 + (5 * contextColumns(secondsPerColumn) + 9) * secondsPerColumn);
  }
}

TEST(ScrollUnroll, DroppedAndDoubledFrames) {
  const Screen screen = scrolling();
  const Progress progress = [&](double t) {
    const int n = static_cast<int>(std::lround(t * 30000 / 1001));
    const bool frame = std::abs(n * 1001.0 / 30000 - t) < 1e-9;
    if (frame && (n % 23 == 5 || (n > 200 && n < 212))) return std::nan("");
    const double shown = frame && n % 5 == 2 ? t - 1001.0 / 30000 : t;
    return std::max(0.0, shown / screen.secondsPerColumn);
  };
  expectGood(screen, play(screen, 12, progress), 12);
}

TEST(ScrollUnroll, LongOutageIsAGap) {
  const Screen screen = scrolling();
  const Progress progress = [&](double t) {
    const bool frame = std::abs(std::lround(t * 30000 / 1001) * 1001.0 / 30000 - t) < 1e-9;
    return frame && t > 4 && t < 7 ? std::nan("") : t / screen.secondsPerColumn;
  };
  const Playback run = play(screen, 12, progress);
  EXPECT_EQ(run.count(EventKind::kGap), 1);
  int flagged = 0;
  for (const Found& f : run.columns) {
    EXPECT_GE(f.column, 0);
    flagged += (f.quality & kGapBefore) != 0 ? 1 : 0;
  }
  EXPECT_EQ(flagged, 1);
  EXPECT_LT(timeError(screen, run).greatest, 1.0);
  EXPECT_GT(static_cast<double>(run.columns.size()), 9 / screen.secondsPerColumn - 40);
}

TEST(ScrollUnroll, BlackStripWithBurstsAndMarkers) {
  Screen screen = scrolling();
  screen.bursts = true;
  screen.marker = true;
  const Playback run = play(screen, 12, steady(screen));
  const TimeError e = timeError(screen, run);
  EXPECT_LT(std::abs(e.mean), 0.5);
  EXPECT_LT(e.greatest, 1.0);
  EXPECT_NEAR(static_cast<double>(run.columns.size()), columnsShown(screen, 12), 3);
  EXPECT_EQ(run.count(EventKind::kGap), 0);
}

TEST(ScrollUnroll, FirstSecondsBlankAreNotLost) {
  Screen screen = scrolling();
  screen.bursts = true;
  screen.widthPx = 300;
  screen.secondsPerColumn = 0.0015;
  screen.startColumn = 54467;  // 0.70 s into a beat: the 0.45 s in view are blank, and the next 0.2 s as well
  const Playback run = play(screen, 12, steady(screen));
  ASSERT_FALSE(run.columns.empty());
  EXPECT_LT(run.columns.front().timeS, 0.05);
  EXPECT_NEAR(static_cast<double>(run.columns.size()), columnsShown(screen, 12), 3);
  EXPECT_LT(timeError(screen, run).greatest, 1.5);
}

TEST(ScrollUnroll, FrozenSpectrumIsAGap) {
  const Screen screen = scrolling();
  const double s = screen.secondsPerColumn;
  const Progress progress = [s](double t) { return t < 5 ? t / s : t < 7 ? 5 / s : (t - 2) / s; };
  const Playback run = play(screen, 12, progress);
  EXPECT_EQ(run.count(EventKind::kGap), 1);
  int flagged = 0;
  for (const Found& f : run.columns) {
    EXPECT_FALSE(f.timeS > 5.05 && f.timeS < 6.95) << f.timeS;
    flagged += (f.quality & kGapBefore) != 0 ? 1 : 0;
    const double written = static_cast<double>(f.column - screen.startColumn) + 0.5;
    EXPECT_NEAR(f.timeS / s, written * s < 5 ? written : written + 2 / s, 1.0);
  }
  EXPECT_EQ(flagged, 1);
  EXPECT_GT(static_cast<double>(run.columns.size()), 10 / s - 20);
}

TEST(ScrollUnroll, StalledSourceThatCatchesUpLosesNothing) {
  const Screen screen = scrolling();
  const double s = screen.secondsPerColumn;
  // The picture stands for 0.6 s while the scanner goes on.
  const Progress shown = [s](double t) { return (t > 5 && t < 5.6 ? 5 : t) / s; };
  const Playback run = play(screen, 10, shown);
  int flagged = 0;
  for (std::size_t i = 1; i < run.columns.size(); ++i) {
    flagged += run.columns[i].quality != 0 ? 1 : 0;
    EXPECT_NEAR(run.columns[i].timeS - run.columns[i - 1].timeS, s, 0.5 * s);
  }
  EXPECT_EQ(flagged, 0);
  EXPECT_NEAR(static_cast<double>(run.columns.size()), columnsShown(screen, 10), 3);
}

TEST(ScrollUnroll, ReplacedStripIsAGap) {
  const Screen screen = scrolling();
  const double s = screen.secondsPerColumn;
  const Progress progress = [s](double t) { return t < 5 ? t / s : t / s + 5000; };
  const Playback run = play(screen, 10, progress);
  EXPECT_EQ(run.count(EventKind::kGap), 1);
  int flagged = 0;
  for (const Found& f : run.columns) flagged += (f.quality & kGapBefore) != 0 ? 1 : 0;
  EXPECT_EQ(flagged, 1);
  EXPECT_GT(static_cast<double>(run.columns.size()), 10 / s - 40);
}

TEST(ScrollUnroll, ChangeOfPaceStartsTheTimeAxisAgain) {
  const Screen screen = scrolling();
  const double s = screen.secondsPerColumn;
  const Progress progress = [s](double t) { return t < 5 ? t / s : 5 / s + (t - 5) / (1.5 * s); };
  const Playback run = play(screen, 10, progress);
  EXPECT_GE(run.count(EventKind::kCalibration), 1);
  expectUnbroken(run);
  int flagged = 0;
  for (const Found& f : run.columns) {
    if ((f.quality & kCalibrationChanged) == 0) continue;
    ++flagged;
    EXPECT_NEAR(f.timeS, 5.0, 0.4);
  }
  EXPECT_EQ(flagged, 1);
  for (const Found& f : run.columns) {
    const double written = static_cast<double>(f.column - screen.startColumn) + 0.5;
    const double trueS = written * s < 5 ? written * s : 5 + (written * s - 5) * 1.5;
    // Noticed when the stamps disagree by more than they may jitter, 40 ms.
    EXPECT_NEAR(f.timeS, trueS, trueS > 5 && trueS < 5.3 ? 0.045 : 1.5 * s) << trueS;
  }
}

}  // namespace
}  // namespace soleus::testing
