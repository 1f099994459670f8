#include "pipeline/doppler/measure_columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/doppler/noise_tracker.h"
#include "tests/unit/measure_synthetic.h"

namespace soleus {
namespace {

using testing::blocksOf;
using testing::calibrationOf;
using testing::renderStrip;
using testing::SyntheticStrip;

std::vector<DopplerColumn> measure(const cv::Mat& grey, const SyntheticStrip& strip,
                                   const MeasureOptions& options = {}) {
  std::vector<DopplerColumn> all;
  for (const StripBlock& block : blocksOf(grey, strip.secondsPerColumn)) {
    const auto columns = measureColumns(block, calibrationOf(strip), options);
    all.insert(all.end(), columns.begin(), columns.end());
  }
  return all;
}

double share(const std::vector<DopplerColumn>& columns, const std::function<bool(const DopplerColumn&)>& is) {
  double count = 0;
  for (const auto& column : columns) count += is(column) ? 1 : 0;
  return count / static_cast<double>(columns.size());
}

bool isNoise(const DopplerColumn& c) {
  return std::isnan(c.peakCmPerS) && std::isnan(c.peakForwardCmPerS) && std::isnan(c.peakReverseCmPerS) &&
         std::isnan(c.meanCmPerS) && (c.quality & kLowSnr) != 0;
}

SyntheticStrip noiseOnly() {
  SyntheticStrip strip;
  strip.snrDb = -60;
  strip.peakDb = -20;
  return strip;
}

TEST(MeasureColumns, KeepsTimeQualityAndGreyOfEachColumn) {
  SyntheticStrip strip;
  strip.columns = 100;
  auto blocks = blocksOf(renderStrip(strip), strip.secondsPerColumn, 9);
  blocks[1].quality[2] = kGapBefore | kOverlay;
  const auto columns = measureColumns(blocks[1], calibrationOf(strip), {});
  ASSERT_EQ(columns.size(), 9U);
  EXPECT_EQ(columns[2].time, blocks[1].time[2]);
  EXPECT_EQ(columns[2].quality & (kGapBefore | kOverlay), kGapBefore | kOverlay);
  EXPECT_TRUE(std::isnan(columns[2].volumeFlowMlPerMin));
  ASSERT_EQ(columns[2].grey.size(), 288U);
  // The column stands behind 9 of context; index 0 of the axis is the lowest row of the picture.
  EXPECT_EQ(columns[2].grey[0], blocks[1].grey.at<std::uint8_t>(287, 11));
  EXPECT_EQ(columns[2].grey[287], blocks[1].grey.at<std::uint8_t>(0, 11));
}

TEST(MeasureColumns, GivesTheSameBitsAgain) {
  SyntheticStrip strip;
  strip.columns = 60;
  const cv::Mat grey = renderStrip(strip);
  const auto first = measure(grey, strip);
  const auto second = measure(grey.clone(), strip);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].peakCmPerS, second[i].peakCmPerS);
    EXPECT_EQ(first[i].meanCmPerS, second[i].meanCmPerS);
    EXPECT_EQ(first[i].snrDb, second[i].snrDb);
  }
}

TEST(MeasureColumns, GivesNoVelocityForNoiseAlone) {
  for (const double spacing : {0.00381, 0.01393}) {
    SyntheticStrip strip = noiseOnly();
    strip.secondsPerColumn = spacing;
    EXPECT_GT(share(measure(renderStrip(strip), strip), isNoise), 0.99) << spacing;
  }
}

TEST(MeasureColumns, TakesThePaintedBaselineForNoSignal) {
  SyntheticStrip strip = noiseOnly();
  cv::Mat grey = renderStrip(strip);
  grey.rowRange(143, 146).setTo(220);
  EXPECT_GT(share(measure(grey, strip), isNoise), 0.99);
}

TEST(MeasureColumns, TakesSlowWallEchoesForNoSignal) {
  SyntheticStrip strip = noiseOnly();
  cv::Mat grey = renderStrip(strip);
  DopplerCalibration calibration = calibrationOf(strip);
  calibration.wallFilterHz = 150;  // 5.25 cm/s at 4.4 MHz and 60 degrees: 9.4 rows
  grey.rowRange(136, 153).setTo(200);
  const auto blocks = blocksOf(grey, strip.secondsPerColumn, 9);
  EXPECT_TRUE(isNoise(measureColumns(blocks[3], calibration, {})[4]));
  // What lies beyond the filter, and on one side alone, is flow.
  calibration.wallFilterHz = 20;
  grey.rowRange(120, 136).setTo(200);
  grey.rowRange(145, 153).setTo(40);
  EXPECT_FALSE(isNoise(measureColumns(blocks[3], calibration, {})[4]));
}

TEST(MeasureColumns, FollowsReverseFlowAndASignOfTheAxis) {
  SyntheticStrip strip;
  strip.vmCmPerS = [](double) { return -40.0; };
  const cv::Mat grey = renderStrip(strip);
  EXPECT_GT(share(measure(grey, strip),
                  [](const auto& c) {
                    return std::abs(c.peakCmPerS + 40) < 6 && c.peakForwardCmPerS == 0 && c.meanCmPerS < -15;
                  }),
            0.97);
  DopplerCalibration down = calibrationOf(strip);
  down.towardHeart = Side::kDown;
  const auto columns = measureColumns(blocksOf(grey, strip.secondsPerColumn, 9)[5], down, {});
  EXPECT_NEAR(columns[4].peakCmPerS, 40, 6);
}

TEST(MeasureColumns, MeasuresBothDirectionsAtOnce) {
  SyntheticStrip strip;
  strip.vmCmPerS = [](double) { return 60.0; };
  const cv::Mat forward = renderStrip(strip);
  strip.vmCmPerS = [](double) { return -25.0; };
  strip.seed = 2;
  strip.peakDb = -14;
  cv::Mat both;
  cv::max(forward, renderStrip(strip), both);
  EXPECT_GT(share(measure(both, strip),
                  [](const auto& c) {
                    return std::abs(c.peakForwardCmPerS - 60) < 6 && std::abs(c.peakReverseCmPerS + 25) < 5;
                  }),
            0.95);
}

TEST(MeasureColumns, TakesTheWindowsLeakageAcrossZeroForNoReverseFlow) {
  SyntheticStrip strip;
  strip.snrDb = 25;
  EXPECT_GT(share(measure(renderStrip(strip), strip), [](const auto& c) { return c.peakReverseCmPerS == 0; }),
            0.98);
}

TEST(MeasureColumns, TakesTheWindowThatTheNoiseShowsUnlessItIsKnown) {
  SyntheticStrip strip;
  strip.columns = 60;
  StripBlock block = blocksOf(renderStrip(strip), strip.secondsPerColumn).front();
  const DopplerCalibration screen = calibrationOf(strip);
  DopplerCalibration sound = screen;
  sound.spectralWindowS = 0.016;
  const auto peakOf = [&](const DopplerCalibration& calibration) {
    return measureColumns(block, calibration, {})[20].peakCmPerS;
  };
  const float assumed = peakOf(screen);
  const float known = peakOf(sound);
  EXPECT_NE(known, assumed);
  block.spectralWindowS = 0.016;
  EXPECT_EQ(peakOf(screen), known);
  block.spectralWindowS = 0.012;
  EXPECT_EQ(peakOf(sound), known);
}

TEST(MeasureColumns, FlagsAliasing) {
  SyntheticStrip strip;
  const auto isAliased = [](const DopplerColumn& c) { return (c.quality & kAliased) != 0; };
  EXPECT_LT(share(measure(renderStrip(strip), strip), isAliased), 0.01);
  strip.vmCmPerS = [](double) { return 110.0; };  // Nyquist velocity 80.5
  const auto columns = measure(renderStrip(strip), strip);
  EXPECT_GT(share(columns, isAliased), 0.95);
  EXPECT_GT(share(columns, [](const auto& c) { return c.peakReverseCmPerS == 0 && c.peakCmPerS > 80; }), 0.9);
}

// Without the pulse repetition frequency nothing is unwrapped: what leaves the axis is unknown, and never
// what the columns before and after it would have it be.
TEST(MeasureColumns, GivesNoVelocityWhereAShortBurstLeavesTheAxis) {
  for (const double direction : {1.0, -1.0}) {
    SyntheticStrip strip;
    strip.vmCmPerS = [&](double t) {
      const double phase = std::clamp((t - 0.4) / 0.2, 0.0, 1.0);
      return direction * (8 + 92 * std::pow(std::sin(std::numbers::pi * phase), 2));
    };
    DopplerCalibration calibration = calibrationOf(strip);
    calibration.prfHz.reset();
    int beyond = 0;
    int invented = 0;
    int within = 0;
    int kept = 0;
    for (const StripBlock& block : blocksOf(renderStrip(strip), strip.secondsPerColumn)) {
      for (const auto& column : measureColumns(block, calibration, {})) {
        const double cmPerS = std::abs(strip.vmCmPerS(column.time.seconds()));
        const bool valued = !std::isnan(column.peakCmPerS) && (column.quality & kAliased) == 0;
        if (cmPerS > 85) {  // Nyquist velocity 80.5
          ++beyond;
          invented += valued ? 1 : 0;
        } else if (cmPerS > 20 && cmPerS < 65) {
          ++within;
          kept += valued ? 1 : 0;
        }
      }
    }
    ASSERT_GT(beyond, 10);
    EXPECT_EQ(invented, 0);
    ASSERT_GT(within, 10);
    EXPECT_GT(kept, 0.8 * within);
  }
}

TEST(MeasureColumns, FlagsFlowThatFillsTheWholeAxisOnceTheNoiseIsKnown) {
  SyntheticStrip strip;
  strip.columns = 300;
  strip.vmCmPerS = [](double t) { return t < 0.6 ? 20.0 : 145.0; };
  const cv::Mat grey = renderStrip(strip);
  NoiseTracker tracker(calibrationOf(strip));
  int columns = 0;
  int silent = 0;
  for (StripBlock& block : blocksOf(grey, strip.secondsPerColumn)) {
    tracker.follow(block);
    for (const auto& column : measureColumns(block, calibrationOf(strip), {})) {
      if (column.time.seconds() < 0.7) continue;
      ++columns;
      silent += (column.quality & kAliased) == 0 && !std::isnan(column.peakCmPerS) ? 1 : 0;
    }
  }
  EXPECT_GT(columns, 100);
  EXPECT_LT(silent, 0.02 * columns);
}

TEST(MeasureColumns, FollowsFlowThatFillsNearlyTheWholeAxis) {
  struct Flow {
    double exponent;
    double snrDb;
    double cmPerS;  // Nyquist velocity 80.5
  };
  for (const Flow flow : {Flow{6, 5, 130}, Flow{2, 15, 150}}) {
    SyntheticStrip strip;
    strip.columns = 300;
    strip.profileExponent = flow.exponent;
    strip.snrDb = flow.snrDb;
    strip.vmCmPerS = [&](double t) { return std::clamp(20 + 1000 * (t - 0.5), 20.0, flow.cmPerS); };
    const cv::Mat grey = renderStrip(strip);
    NoiseTracker tracker(calibrationOf(strip));
    std::vector<DopplerColumn> fast;
    for (StripBlock& block : blocksOf(grey, strip.secondsPerColumn)) {
      tracker.follow(block);
      for (const auto& column : measureColumns(block, calibrationOf(strip), {})) {
        if (column.time.seconds() > 0.7) fast.push_back(column);
      }
    }
    EXPECT_GT(share(fast,
                    [&](const auto& c) {
                      return std::abs(c.peakForwardCmPerS / flow.cmPerS - 1) < 0.06 &&
                             c.peakReverseCmPerS == 0 && (c.quality & kAliased) != 0;
                    }),
              0.97)
        << flow.exponent;
  }
}

TEST(MeasureColumns, FlagsSaturatedGrey) {
  SyntheticStrip strip;
  const auto isClipped = [](const DopplerColumn& c) { return (c.quality & kClipped) != 0; };
  EXPECT_LT(share(measure(renderStrip(strip), strip), isClipped), 0.01);
  strip.peakDb = 12;
  EXPECT_GT(share(measure(renderStrip(strip), strip), isClipped), 0.9);
}

TEST(MeasureColumns, FlagsLowSnr) {
  SyntheticStrip strip;
  strip.snrDb = -4;
  const auto columns = measure(renderStrip(strip), strip);
  EXPECT_GT(share(columns, [](const auto& c) { return (c.quality & kLowSnr) != 0; }), 0.5);
}

TEST(MeasureColumns, IsNotThrownByAMarkerFarFromTheSignal) {
  SyntheticStrip strip;
  strip.vmCmPerS = [](double) { return 40.0; };
  cv::Mat grey = renderStrip(strip);
  // The envelope lies at row 73. A '+' of 9 x 9 px at 65 cm/s, and one at -60 cm/s.
  for (const int row : {28, 252}) {
    grey(cv::Rect(100, row, 9, 1)).setTo(255);
    grey(cv::Rect(104, row - 4, 1, 9)).setTo(255);
  }
  const auto columns = measure(grey, strip);
  for (int i = 90; i < 120; ++i)
    EXPECT_NEAR(columns[static_cast<std::size_t>(i)].peakForwardCmPerS, 40, 6) << i;
}

TEST(MeasureColumns, KnowsItsEstimatorsByName) {
  EXPECT_EQ(estimatorNames().front(), MeasureOptions{}.estimator);
  SyntheticStrip strip;
  const cv::Mat grey = renderStrip(strip);
  std::set<float> peaks;
  for (const auto& name : estimatorNames()) {
    const float peak = measure(grey, strip, {name})[100].peakCmPerS;
    EXPECT_NEAR(peak, 60, 9) << name;
    peaks.insert(peak);
  }
  EXPECT_EQ(peaks.size(), estimatorNames().size()) << "two names for one estimator";
}

TEST(MeasureColumns, GivesNoVelocityForNoiseAloneByAnyEstimator) {
  const SyntheticStrip strip = noiseOnly();
  const cv::Mat grey = renderStrip(strip);
  for (const auto& name : estimatorNames()) {
    EXPECT_GT(share(measure(grey, strip, {name}), isNoise), 0.99) << name;
  }
}

}  // namespace
}  // namespace soleus
