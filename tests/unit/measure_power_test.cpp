#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pipeline/doppler/noise_floor.h"
#include "pipeline/doppler/noise_tracker.h"
#include "pipeline/doppler/power.h"
#include "tests/unit/measure_synthetic.h"

namespace soleus {
namespace {

using testing::blocksOf;
using testing::calibrationOf;
using testing::renderStrip;
using testing::SyntheticStrip;

TEST(PowerOfGrey, InvertsALinearDecibelMap) {
  const auto table = powerOfGrey(40);
  EXPECT_FLOAT_EQ(table[255], 1.0F);
  EXPECT_NEAR(table[0], 1e-4, 1e-9);
  EXPECT_NEAR(table[51], std::pow(10.0, -3.2), 1e-8);  // a fifth of 40 dB above -40 dB
}

TEST(PowerColumns, PutTheAxisInAscendingOrder) {
  DopplerCalibration calibration;
  calibration.region = {0, 0, 2, 3};
  calibration.cmPerSPerPixel = 1;
  StripBlock block;
  block.grey = (cv::Mat_<std::uint8_t>(3, 2) << 255, 0, 0, 0, 0, 255);
  calibration.towardHeart = Side::kUp;
  EXPECT_FLOAT_EQ(powerColumns(block, calibration).at<float>(0, 2), 1.0F);
  calibration.towardHeart = Side::kDown;
  EXPECT_FLOAT_EQ(powerColumns(block, calibration).at<float>(0, 0), 1.0F);
  EXPECT_FLOAT_EQ(powerColumns(block, calibration).at<float>(1, 2), 1.0F);
}

TEST(SmoothedColumn, KeepsAConstantAndCountsItsLooks) {
  const cv::Mat power(40, 5, CV_32F, cv::Scalar(0.25));
  const auto weights = temporalWeights(0.00381);
  const double perColumn = 0.00381 / 0.005;
  const SmoothColumn middle = smoothedColumn(power, 20, weights, perColumn);
  EXPECT_NEAR(middle.power[2], 0.25, 1e-6);
  // A Gaussian of 12 ms averages 2 * sqrt(pi) * 12 ms = 42.5 ms, 8.5 times the 5 ms of the speckle.
  EXPECT_NEAR(middle.looks, 8.5, 0.7);
  EXPECT_LT(smoothedColumn(power, 0, weights, perColumn).looks, middle.looks);
  EXPECT_NEAR(smoothedColumn(power, 20, temporalWeights(0.05), 1.0).looks, 1.0, 1e-6);
}

TEST(SpectralWindow, IsLongerAtALowPulseRepetitionFrequency) {
  DopplerCalibration calibration;
  calibration.secondsPerPixel = 0.004;
  EXPECT_DOUBLE_EQ(spectralWindowS(calibration), 0.010);
  EXPECT_DOUBLE_EQ(looksPerColumn(calibration), 0.8);
  calibration.prfHz = 4600;
  EXPECT_DOUBLE_EQ(spectralWindowS(calibration), 0.010);
  calibration.prfHz = 1600;
  EXPECT_DOUBLE_EQ(spectralWindowS(calibration), 0.020);
  EXPECT_DOUBLE_EQ(looksPerColumn(calibration), 0.4);
}

cv::Mat exponentialPower(double mean, int columns, int rows, unsigned seed) {
  std::mt19937 random(seed);
  std::exponential_distribution<float> speckle(static_cast<float>(1.0 / mean));
  cv::Mat power(columns, rows, CV_32F);
  for (int c = 0; c < columns; ++c) {
    for (int i = 0; i < rows; ++i) power.at<float>(c, i) = speckle(random);
  }
  return power;
}

TEST(NoiseFloor, FindsTheMeanBesideFlowThatFillsTwoThirdsOfTheAxis) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    cv::Mat power = exponentialPower(0.002, 25, 288, seed);
    power.colRange(60, 250) += exponentialPower(0.02, 25, 190, seed + 100);
    EXPECT_NEAR(noiseFloor(power) / 0.002, 1.0, 0.15) << seed;
  }
}

TEST(NoiseFloor, IsThePowerOfBlackWhereTheDisplayHidesTheNoise) {
  cv::Mat power(25, 288, CV_32F, cv::Scalar(1e-4));
  power.colRange(100, 200).setTo(0.1);
  EXPECT_NEAR(noiseFloor(power), 1e-4, 1e-9);
}

TEST(NoiseTracker, RemembersTheFloorWhileFlowHidesItAndTakesUpANewGain) {
  SyntheticStrip strip;
  strip.columns = 60;
  const DopplerCalibration calibration = calibrationOf(strip);
  NoiseTracker tracker(calibration);
  int column = 0;
  const auto blockOf = [&](int grey) {
    StripBlock block;
    block.grey = cv::Mat(strip.rows, 9, CV_8U, cv::Scalar(grey));
    for (int i = 0; i < 9; ++i) block.time.push_back(SessionTime::fromSeconds(++column * 0.00381));
    return block;
  };
  // 60 dB on 255 grey levels: 42.5 levels are 10 dB.
  StripBlock block = blockOf(85);
  tracker.follow(block);
  const double floor = 1e-4;
  EXPECT_NEAR(block.noiseFloor / floor, 1.0, 0.01);
  const double turnedS = block.time.back().seconds();
  while (block.time.back().seconds() < turnedS + 2.5) {
    block = blockOf(170);
    EXPECT_TRUE(tracker.follow(block).empty());
    EXPECT_NEAR(block.noiseFloor / floor, 1.0, 0.01);
  }
  constexpr int kGap = 5000;  // 19 s that tell nothing of the noise
  column += kGap;
  block = blockOf(170);
  EXPECT_TRUE(tracker.follow(block).empty());
  EXPECT_NEAR(block.noiseFloor / floor, 1.0, 0.01);
  std::vector<Event> events;
  while (block.time.back().seconds() < turnedS + kGap * 0.00381 + 3.2) {
    block = blockOf(170);
    for (const Event& event : tracker.follow(block)) events.push_back(event);
  }
  EXPECT_NEAR(block.noiseFloor / (100 * floor), 1.0, 0.01);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_NE(events[0].label.find("20 dB higher"), std::string::npos) << events[0].label;
}

TEST(NoiseTracker, TellsALongerWindowThanIsAssumedByTheSpeckle) {
  SyntheticStrip strip;
  strip.columns = 1000;
  const auto windowOf = [&](const DopplerCalibration& calibration) {
    NoiseTracker tracker(calibration);
    double windowS = 0;
    for (StripBlock& block : blocksOf(renderStrip(strip), strip.secondsPerColumn)) {
      tracker.follow(block);
      EXPECT_TRUE(windowS == 0 || block.spectralWindowS == windowS);  // told once for all
      windowS = block.spectralWindowS;
    }
    return windowS;
  };
  EXPECT_EQ(windowOf(calibrationOf(strip)), 0);  // as assumed
  strip.windowS = 0.016;
  EXPECT_NEAR(windowOf(calibrationOf(strip)), 0.016, 0.0008);
  strip.blurPx = 0.7;
  EXPECT_NEAR(windowOf(calibrationOf(strip)), 0.016, 0.001);
  strip.blurPx = 0;
  strip.peakDb = -35;
  EXPECT_EQ(windowOf(calibrationOf(strip)), 0);  // black hides the noise
  strip.peakDb = -8;
  DopplerCalibration sound = calibrationOf(strip);
  sound.spectralWindowS = 0.010;
  EXPECT_EQ(windowOf(sound), 0);  // known
}

TEST(NoiseTracker, TakesSilenceBeforeSoundForNoNoise) {
  SyntheticStrip strip;
  DopplerCalibration calibration = calibrationOf(strip);
  calibration.spectralWindowS = 0.010;
  NoiseTracker tracker(calibration);
  StripBlock block;
  block.time = {SessionTime{}};
  block.grey = cv::Mat(strip.rows, 9, CV_8U, cv::Scalar(0));
  tracker.follow(block);
  EXPECT_EQ(block.noiseFloor, 0);
  block.grey.setTo(85);
  tracker.follow(block);
  EXPECT_NEAR(block.noiseFloor, 1e-4, 1e-6);
  block.grey.setTo(0);
  tracker.follow(block);
  EXPECT_NEAR(block.noiseFloor, 1e-4, 1e-6);
}

}  // namespace
}  // namespace soleus
