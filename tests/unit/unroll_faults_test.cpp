// Displays that misbehave. The phantom draws the same blood with and without a fault, so that the columns of
// the sound recording are the truth for those of the faulty one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/doppler/unroller.h"
#include "tests/unit/phantom_scenarios.h"

namespace soleus::testing {
namespace {

struct Column {
  double timeS = 0;
  std::uint8_t quality = 0;
  bool measurable = true;
  cv::Mat grey;
};

struct Unrolling {
  std::vector<Column> columns;
  std::vector<Event> events;
  double secondsPerColumn = 0;
  [[nodiscard]] int said(const std::string& words) const {
    return static_cast<int>(std::count_if(events.begin(), events.end(), [&](const Event& e) {
      return e.label.find(words) != std::string::npos;
    }));
  }
  [[nodiscard]] int gapEvents() const {
    return static_cast<int>(std::count_if(events.begin(), events.end(),
                                          [](const Event& e) { return e.kind == EventKind::kGap; }));
  }
  [[nodiscard]] int flagged(std::uint8_t flag) const {
    return static_cast<int>(std::count_if(columns.begin(), columns.end(),
                                          [&](const Column& c) { return (c.quality & flag) != 0; }));
  }
};

/// Seconds per column: a strip of 1.6 s, or a sweep of 4 s.
double dt(const std::string& mode) {
  return mode == "sweep" ? 0.01 : 0.004;
}

class Faults : public ::testing::TestWithParam<std::string> {
 protected:
  /// `told`: the display that the profile names; `widerPx` on either side of the strip.
  static Unrolling unroll(const std::string& faults, const std::string& told = GetParam(), int widerPx = 0,
                          double durationS = 16, bool periodKnown = true) {
    Sketch sketch;
    sketch.mode = GetParam();
    sketch.durationS = durationS;
    sketch.restPeakCmPerS = 30;
    sketch.baselineLine = true;
    std::string yaml = sketch.yaml();
    const std::string pace = "seconds_per_column: 0.004";
    yaml.replace(yaml.find(pace), pace.size(), "seconds_per_column: " + std::to_string(dt(GetParam())));
    yaml += faults.empty() ? "" : "display_faults: {" + faults + "}\n";
    auto made = Phantom::parse(yaml, "faults", 3);
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().sentence());
    Phantom& phantom = *made.value();
    DopplerCalibration calibration = *phantom.profile().doppler;
    calibration.display = told == "sweep" ? Display::kSweep : Display::kScroll;
    if (!periodKnown) calibration.prfHz.reset();
    calibration.region.x -= widerPx;
    calibration.region.width += 2 * widerPx;
    const Region& r = calibration.region;
    const auto unroller = makeUnroller(calibration);
    Unrolling run;
    const auto take = [&](Unrolled&& out) {
      for (const StripBlock& b : out.blocks) {
        for (std::size_t i = 0; i < b.time.size(); ++i) {
          run.columns.push_back({b.time[i].seconds(), b.quality[i],
                                 b.unmeasurable.empty() || b.unmeasurable[i] == 0,
                                 b.grey.col(b.leftContext + static_cast<int>(i)).clone()});
        }
      }
      for (Event& e : out.events) run.events.push_back(std::move(e));
    };
    for (std::int64_t n = 0; n < phantom.frameCount(); ++n) {
      cv::Mat picture;  // each its own: the unroller may keep it
      phantom.render(n, picture);
      take(unroller->push(picture(cv::Rect(r.x, r.y, r.width, r.height)),
                          SessionTime::fromSeconds(static_cast<double>(n) / 25)));
    }
    run.secondsPerColumn = unroller->secondsPerColumn();
    take(unroller->flush());
    return run;
  }

  static const Unrolling& sound() {
    static std::map<std::string, Unrolling> known;
    const auto [at, isNew] = known.try_emplace(GetParam());
    if (isNew) at->second = unroll("");
    return at->second;
  }

  /// The sound column that is most like `c` among those within 3 columns of its time, and their difference;
  /// rows of the zero line left out.
  static double difference(const Column& c) {
    double best = 255;
    for (const Column& s : sound().columns) {
      if (std::abs(s.timeS - c.timeS) > 1.5 * dt(GetParam())) continue;
      cv::Mat off;
      cv::absdiff(s.grey, c.grey, off);
      off.rowRange(97, 104).setTo(0);
      best = std::min(best, cv::mean(off)[0]);
    }
    return best;
  }
};

TEST_P(Faults, SoundDisplayIsLeftAlone) {
  EXPECT_TRUE(sound().events.empty()) << sound().events.front().label;
  EXPECT_NEAR(static_cast<double>(sound().columns.size()), 16 / dt(GetParam()), 20);
  for (const Column& c : sound().columns) {
    EXPECT_EQ(c.quality, 0) << c.timeS;
    EXPECT_TRUE(c.measurable) << c.timeS;
  }
}

TEST_P(Faults, MovedBaselineIsMovedBack) {
  for (const std::string fraction : {"0.7", "0.35"}) {
    SCOPED_TRACE(fraction);
    const Unrolling run = unroll("baseline: {start_s: 4.5, baseline_fraction: " + fraction + "}");
    EXPECT_EQ(run.said("baseline moved"), 1);
    EXPECT_GE(run.flagged(kCalibrationChanged), 1);
    int wrong = 0;
    for (const Column& c : run.columns) {
      EXPECT_TRUE(c.measurable || c.quality != 0) << c.timeS;
      if ((c.quality & kCalibrationChanged) != 0) {
        // A sweep's column may be read from a picture a second younger than itself.
        EXPECT_GT(c.timeS, 4.5 - (GetParam() == "sweep" ? 1.1 : 0.1));
        EXPECT_LT(c.timeS, 4.7);
      }
      wrong += c.measurable && difference(c) > 2 ? 1 : 0;
    }
    // A column or two at the moment itself may be drawn half and half.
    EXPECT_LE(wrong, 3);
    EXPECT_NEAR(static_cast<double>(run.columns.size()), static_cast<double>(sound().columns.size()), 60);
  }
}

TEST_P(Faults, WhatABaselineMovedOutOfTheStripIsNotBlack) {
  // Without a PRF nobody knows what wraps around: the rows that came in are the display's noise, not black.
  const Unrolling run = unroll("baseline: {start_s: 4.5, baseline_fraction: 0.7}", GetParam(), 0, 8, false);
  ASSERT_FALSE(run.columns.empty());
  const cv::Mat& last = run.columns.back().grey;
  const cv::Mat& first = run.columns.front().grey;
  const auto darkRows = [](const cv::Mat& grey) {
    int dark = 0;
    for (int r = 0; r < grey.rows; ++r) dark += grey.at<std::uint8_t>(r) == 0 ? 1 : 0;
    return dark;
  };
  EXPECT_LT(darkRows(last), darkRows(first) + last.rows / 10);
}

TEST_P(Faults, ChangedScaleIsNotMeasured) {
  for (const std::string factor : {"1.5", "0.6"}) {
    SCOPED_TRACE(factor);
    const Unrolling run = unroll("scale: {start_s: 4.5, factor: " + factor + "}");
    EXPECT_EQ(run.said("velocity scale changed"), 1);
    EXPECT_GE(run.flagged(kCalibrationChanged), 1);
    int after = 0;
    for (const Column& c : run.columns) {
      if (c.timeS > 4.5) {
        EXPECT_FALSE(c.measurable) << c.timeS;
        EXPECT_NE(c.quality & kCalibrationChanged, 0) << c.timeS;
        ++after;
      }
      if (c.timeS < 3.4) {
        EXPECT_TRUE(c.measurable) << c.timeS;
      }
    }
    EXPECT_GT(after, 100);
  }
}

TEST_P(Faults, MarksAreNotBlood) {
  for (const std::string mark : {"mark: line, x: 385", "mark: cross, x: 385, y: 40", "mark: line, x: 150"}) {
    SCOPED_TRACE(mark);
    const Unrolling run = unroll("overlay: {" + mark + ", start_s: 3, end_s: 6}");
    int wrong = 0;
    int hidden = 0;
    for (const Column& c : run.columns) {
      hidden += c.measurable ? 0 : 1;
      if ((c.quality & kOverlay) != 0) {
        EXPECT_GT(c.timeS, 3);
        EXPECT_LT(c.timeS, 6);
      } else if (c.timeS < 2.9 || c.timeS > 3.3) {
        // It takes a quarter of a second to tell paint from blood; columns are read up to 0.1 s late.
        wrong += difference(c) > 1 ? 1 : 0;
      }
    }
    EXPECT_LE(wrong, 2);
    const bool inTheWay = GetParam() == "sweep" || mark.find("385") != std::string::npos;
    EXPECT_EQ(run.flagged(kOverlay) > 0, inTheWay);
    EXPECT_EQ(run.said("painted over"), inTheWay ? 1 : 0);
    EXPECT_EQ(hidden > 0, inTheWay && mark.find("line") != std::string::npos);
  }
}

TEST_P(Faults, ProfileThatNamesTheOtherDisplay) {
  const Unrolling run = unroll("", GetParam() == "sweep" ? "scroll" : "sweep");
  EXPECT_EQ(run.said("unrolled as a " + GetParam()), 1);
  EXPECT_EQ(run.events.size(), 1U) << "what the wrong unroller said is forgotten";
  ASSERT_EQ(run.columns.size(), sound().columns.size());
  for (std::size_t i = 0; i < run.columns.size(); ++i)
    EXPECT_EQ(run.columns[i].timeS, sound().columns[i].timeS);
}

TEST_P(Faults, LayoutIsKnownWhicheverWayItIsUnrolled) {
  for (const auto& [fault, words] :
       {std::pair{"baseline: {start_s: 0.7, baseline_fraction: 0.7}", "baseline moved"},
        {"restart_s: 0.5", "strip was cleared"}}) {
    SCOPED_TRACE(fault);
    const Unrolling told = unroll(fault, GetParam(), 0, 8);
    const Unrolling run = unroll(fault, GetParam() == "sweep" ? "scroll" : "sweep", 0, 8);
    EXPECT_EQ(told.said(words), 1);
    EXPECT_EQ(run.said(words), 1);
    EXPECT_EQ(run.said("unrolled as a " + GetParam()), 1);
    EXPECT_EQ(run.events.size(), told.events.size() + 1);
    EXPECT_EQ(run.flagged(kGapBefore), told.flagged(kGapBefore));
    ASSERT_EQ(run.columns.size(), told.columns.size());
    for (std::size_t i = 0; i < run.columns.size(); ++i)
      EXPECT_EQ(run.columns[i].timeS, told.columns[i].timeS);
  }
}

TEST_P(Faults, FrozenSpectrumIsAGap) {
  // In a sweep: in its first lap and in later ones, for less than is waited for the front and for longer.
  for (const auto& [startS, durationS] : {std::pair{6.5, 1.2}, {2.3, 0.5}, {5.3, 3.0}, {9.1, 0.3}}) {
    SCOPED_TRACE(::testing::Message() << durationS << " s from " << startS << " s");
    const Unrolling run = unroll("freeze: {start_s: " + std::to_string(startS) +
                                 ", duration_s: " + std::to_string(durationS) + "}");
    EXPECT_EQ(run.gapEvents(), 1);
    EXPECT_EQ(run.flagged(kGapBefore), 1);
    int wrong = 0;
    for (const Column& c : run.columns) {
      EXPECT_FALSE(c.timeS > startS + 0.1 && c.timeS < startS + durationS - 0.1) << c.timeS;
      wrong += difference(c) < 2 ? 0 : 1;
    }
    EXPECT_LE(wrong, 3);
    EXPECT_GT(run.columns.back().timeS, 15.8);
    EXPECT_GT(static_cast<double>(run.columns.size()), (16 - durationS) / dt(GetParam()) - 20);
  }
}

TEST_P(Faults, RestartedSpectrumIsAGap) {
  for (const double startS : {6.9, 1.1, 4.2, 12.5}) {
    SCOPED_TRACE(startS);
    const Unrolling run = unroll("restart_s: " + std::to_string(startS));
    EXPECT_EQ(run.gapEvents(), 1);
    EXPECT_GE(run.flagged(kGapBefore), 1);
    EXPECT_GT(run.columns.back().timeS, 15.8);
    int wrong = 0;
    for (const Column& c : run.columns) wrong += difference(c) > 2 ? 1 : 0;
    EXPECT_LE(wrong, 3);
  }
}

TEST_P(Faults, DoubledFramesDoNotMoveTime) {
  const Unrolling run = unroll("doubled_percent: 15");
  int wrong = 0;
  for (const Column& c : run.columns) wrong += difference(c) < 1 ? 0 : 1;
  // In a sweep: the last before a seam, and those of the last frame, where it is a doubled one.
  EXPECT_LE(wrong, GetParam() == "sweep" ? 4 : 0);
  EXPECT_NEAR(static_cast<double>(run.columns.size()), static_cast<double>(sound().columns.size()), 15);
}

TEST_P(Faults, RegionDrawnTooWideOrNarrow) {
  for (const int widerPx : {-7, -5, 5, 7}) {
    SCOPED_TRACE(widerPx);
    const Unrolling run = unroll("", GetParam(), widerPx, 30);
    EXPECT_NEAR(run.secondsPerColumn, dt(GetParam()), 0.001 * dt(GetParam()));
    const double spanS = run.columns.back().timeS - run.columns.front().timeS;
    EXPECT_GT(spanS, 29.5);
  }
}

TEST(WrongUnroller, ThatMeasuredAPaceIsForgotten) {
  // A recording that begins on the scroll that the profile names, for as long as a pace takes to measure, and
  // is a sweep from there. At five frames a second that is too short to be sure of the scroll.
  constexpr int kFramesPerS = 5;
  constexpr int kScrollFrames = 17;
  const auto phantomOf = [](const std::string& mode) {
    Sketch sketch;
    sketch.mode = mode;
    sketch.durationS = 16;
    sketch.restPeakCmPerS = 30;
    std::string yaml = sketch.yaml();
    const std::string rate = "frame_rate_numerator: 25";
    yaml.replace(yaml.find(rate), rate.size(), "frame_rate_numerator: " + std::to_string(kFramesPerS));
    const std::string pace = "seconds_per_column: 0.004";
    yaml.replace(yaml.find(pace), pace.size(), "seconds_per_column: " + std::to_string(dt(mode)));
    return std::move(Phantom::parse(yaml, "faults", 3)).value();
  };
  const auto scroll = phantomOf("scroll");
  const auto sweep = phantomOf("sweep");
  DopplerCalibration calibration = *scroll->profile().doppler;
  calibration.secondsPerPixel *= 1.2;
  const Region& r = calibration.region;
  const auto unroller = makeUnroller(calibration);
  Unrolling run;
  for (std::int64_t n = 0; n < sweep->frameCount(); ++n) {
    cv::Mat picture;
    (n < kScrollFrames ? scroll : sweep)->render(n, picture);
    Unrolled out = unroller->push(picture(cv::Rect(r.x, r.y, r.width, r.height)),
                                  SessionTime::fromSeconds(static_cast<double>(n) / kFramesPerS));
    for (Event& e : out.events) run.events.push_back(std::move(e));
  }
  EXPECT_EQ(run.said("unrolled as a sweep"), 1);
  EXPECT_EQ(run.said("strip moves at 0.0040"), 0);
}

INSTANTIATE_TEST_SUITE_P(Both, Faults, ::testing::Values("scroll", "sweep"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace soleus::testing
