#include <gtest/gtest.h>

#include "tests/unit/unroll_screen.h"

namespace soleus::testing {
namespace {

/// Whole recording, each column once, in time, and looked at as soon as it is drawn.
void expectGood(const Screen& screen, const Playback& run, double durationS, int wrongLooks = 0) {
  ASSERT_GT(run.columns.size(), 100U);
  expectUnbroken(run);
  const TimeError e = timeError(screen, run);
  EXPECT_LT(std::abs(e.mean), 0.5);
  EXPECT_LT(e.greatest, 1.0);
  EXPECT_LT(run.columns.front().timeS, 2 * screen.secondsPerColumn + 0.001);
  EXPECT_GT(run.columns.back().timeS, durationS - 0.15);
  EXPECT_EQ(run.count(EventKind::kGap), 0);
  EXPECT_EQ(run.count(EventKind::kFault), 0);
  // At most what was drawn since the frame before, the column on which the front stands and the one before.
  EXPECT_LT(run.slowestLookS, 0.034 + 3 * screen.secondsPerColumn);
  EXPECT_LE(run.wrongLooks, wrongLooks);
}

TEST(SweepUnroll, KnowsEveryColumnOfAPlainSweep) {
  Screen screen;
  const Playback run = play(screen, 20, steady(screen));
  expectGood(screen, run, 20);
  EXPECT_NEAR(run.secondsPerColumn, screen.secondsPerColumn, 0.001 * screen.secondsPerColumn);
  EXPECT_EQ(run.count(EventKind::kCalibration), 0);
  EXPECT_LT(run.slowestS, 0.85);
}

TEST(SweepUnroll, IsNotMisledByAnErasedGap) {
  for (const int gapPx : {3, 8, 20}) {
    SCOPED_TRACE(gapPx);
    Screen screen;
    screen.gapPx = gapPx;
    expectGood(screen, play(screen, 20, steady(screen)), 20);
  }
}

TEST(SweepUnroll, IsNotMisledByABrightBar) {
  for (const int barPx : {2, 6}) {
    SCOPED_TRACE(barPx);
    Screen screen;
    screen.barPx = barPx;
    screen.gapPx = 12;
    expectGood(screen, play(screen, 20, steady(screen)), 20);
  }
}

TEST(SweepUnroll, RegionWiderThanTheSweep) {
  for (const int firstPx : {0, 7, 3}) {
    SCOPED_TRACE(firstPx);
    Screen screen;
    screen.widthPx = 437;
    screen.firstPx = firstPx;
    expectGood(screen, play(screen, 25, steady(screen)), 25);
  }
}

TEST(SweepUnroll, RegionNarrowerThanTheSweepHasGapsAtTheSeams) {
  Screen screen;
  screen.widthPx = 423;
  const Playback run = play(screen, 25, steady(screen));
  ASSERT_GT(run.columns.size(), 100U);
  int seams = 0;
  for (std::size_t i = 1; i < run.columns.size(); ++i) {
    const long step = run.columns[i].column - run.columns[i - 1].column;
    if (step == 1) {
      EXPECT_EQ(run.columns[i].quality, 0);
      continue;
    }
    EXPECT_EQ(step, 8);  // seven columns were written outside the region
    EXPECT_EQ(run.columns[i].quality, kGapBefore);
    ++seams;
  }
  EXPECT_EQ(seams, 4);  // 1000 + 25 s / 13.91 ms = 2797: multiples of 430 passed are 1290, 1720, 2150, 2580
  const TimeError e = timeError(screen, run);
  EXPECT_LT(std::abs(e.mean), 0.5);
  EXPECT_LT(e.greatest, 1.0);
}

TEST(SweepUnroll, BlackStripWithBursts) {
  for (const int gapPx : {0, 15}) {
    SCOPED_TRACE(gapPx);
    Screen screen;
    screen.bursts = true;
    screen.gapPx = gapPx;
    screen.startColumn = 1276;  // near the right end: the first lap ends after 14 columns
    const Playback run = play(screen, 40, steady(screen));
    ASSERT_GT(run.columns.size(), 2800U);
    const TimeError e = timeError(screen, run);
    EXPECT_LT(std::abs(e.mean), 0.5);
    EXPECT_LT(e.greatest, 2.0);
    EXPECT_NEAR(static_cast<double>(run.columns.size()), columnsShown(screen, 40), 4);
    EXPECT_EQ(run.count(EventKind::kGap), 0);
  }
}

TEST(SweepUnroll, MarkersAreNotTheFront) {
  Screen screen;
  screen.bursts = true;
  screen.marker = true;
  const Playback run = play(screen, 30, steady(screen));
  const TimeError e = timeError(screen, run);
  EXPECT_LT(std::abs(e.mean), 0.5);
  EXPECT_LT(e.greatest, 2.0);
  EXPECT_EQ(run.count(EventKind::kGap), 0);
  EXPECT_GT(run.columns.back().timeS, 29.8);
}

TEST(SweepUnroll, DroppedAndDoubledFrames) {
  Screen screen;
  const Progress progress = [&](double t) {
    const int n = static_cast<int>(std::lround(t * 30000 / 1001));
    const bool frame = std::abs(n * 1001.0 / 30000 - t) < 1e-9;
    if (frame && (n % 23 == 5 || (n > 400 && n < 412))) return std::nan("");
    const double shown = frame && n % 5 == 2 ? t - 1001.0 / 30000 : t;  // every fifth repeats the one before
    return std::max(0.0, shown / screen.secondsPerColumn);
  };
  // A frame that repeats another says late that it does: of 300 looks a few are taken back.
  expectGood(screen, play(screen, 20, progress), 20, 6);
}

TEST(SweepUnroll, FrozenSpectrumIsAGapAndNothingElse) {
  Screen screen;
  const double s = screen.secondsPerColumn;
  const Progress progress = [s](double t) { return t < 8 ? t / s : t < 11 ? 8 / s : (t - 3) / s; };
  const Playback run = play(screen, 25, progress);
  EXPECT_GE(run.count(EventKind::kGap), 1);
  int flagged = 0;
  long last = 0;
  for (const Found& f : run.columns) {
    EXPECT_FALSE(f.timeS > 8.1 && f.timeS < 10.9) << f.timeS;
    EXPECT_GT(f.column, last);
    last = f.column;
    flagged += (f.quality & kGapBefore) != 0 ? 1 : 0;
    const double written = static_cast<double>(f.column - screen.startColumn) + 0.5;
    EXPECT_NEAR(f.timeS / s, written * s < 8 ? written : written + 3 / s, 1.0);
  }
  EXPECT_EQ(flagged, 1);
  EXPECT_GT(run.columns.size(), 22 / s - 40);  // at most half a second lost around the standstill
}

TEST(SweepUnroll, RestartElsewhereIsAGap) {
  Screen screen;
  const double s = screen.secondsPerColumn;
  // At 9 s the scanner jumps 200 columns on.
  const Progress progress = [s](double t) { return t < 9 ? t / s : t / s + 200; };
  const Playback run = play(screen, 25, progress);
  EXPECT_GE(run.count(EventKind::kGap), 1);
  int flagged = 0;
  int lost = 0;
  for (std::size_t i = 1; i < run.columns.size(); ++i) {
    const Found& f = run.columns[i];
    flagged += (f.quality & kGapBefore) != 0 ? 1 : 0;
    EXPECT_EQ((f.quality & kGapBefore) != 0, (f.quality & kCalibrationChanged) != 0) << f.timeS;
    const double written = static_cast<double>(f.column - screen.startColumn) + 0.5;
    const bool right = std::abs(f.timeS / s - (f.timeS < 9 ? written : written - 200)) < 1.0;
    lost += right ? 0 : 1;
  }
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(flagged, 1);
  EXPECT_GT(run.columns.size(), 25 / s - 60);
}

TEST(SweepUnroll, ChangeOfPaceIsFlaggedOnTheFirstColumnOfTheNewTimeAxis) {
  Screen screen;
  const double s = screen.secondsPerColumn;
  const Progress progress = [s](double t) { return t < 9 ? t / s : 9 / s + (t - 9) / (1.5 * s); };
  const Playback run = play(screen, 25, progress);
  EXPECT_GE(run.count(EventKind::kCalibration), 1);
  int flagged = 0;
  for (const Found& f : run.columns) {
    if ((f.quality & kCalibrationChanged) == 0) continue;
    ++flagged;
    // The new front has to be drawn for a while before it is told from the old one: a gap goes with it.
    EXPECT_NE(f.quality & kGapBefore, 0);
    EXPECT_GT(f.timeS, 9.0);
    EXPECT_LT(f.timeS, 11.0);
  }
  EXPECT_EQ(flagged, 1);
}

TEST(SweepUnroll, SaysThatTheProfileIsWrong) {
  Screen screen;
  DopplerCalibration wrong = screen.calibration();
  wrong.secondsPerPixel *= 1.05;
  const auto unroller = makeUnroller(wrong);
  int told = 0;
  for (int n = 0; n < 300; ++n) {
    const double t = n / 30.0;
    const long done = screen.startColumn + static_cast<long>(t / screen.secondsPerColumn);
    for (const Event& e : unroller->push(screen.strip(done, t), SessionTime::fromSeconds(t)).events) {
      told += e.kind == EventKind::kCalibration ? 1 : 0;
    }
  }
  EXPECT_EQ(told, 1);
}

TEST(SweepUnroll, SameFramesSameBitsAlsoAfterFlush) {
  Screen screen;
  const auto unroller = makeUnroller(screen.calibration());
  std::vector<std::int64_t> first;
  for (int round = 0; round < 2; ++round) {
    std::vector<std::int64_t> times;
    const auto take = [&](const Unrolled& out) {
      for (const StripBlock& b : out.blocks) {
        for (const SessionTime t : b.time) times.push_back(t.ns);
      }
    };
    for (int n = 0; n < 150; ++n) {
      const double t = n / 30.0;
      const long done = screen.startColumn + static_cast<long>(t / screen.secondsPerColumn);
      take(unroller->push(screen.strip(done, t), SessionTime::fromSeconds(t)));
    }
    take(unroller->flush());
    if (round == 0) first = times;
    EXPECT_EQ(times, first);
    EXPECT_GT(times.size(), 300U);
  }
}

}  // namespace
}  // namespace soleus::testing
