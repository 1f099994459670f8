#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "calibration/phantom/column_spectrum.h"
#include "calibration/phantom/doppler_signal.h"
#include "pipeline/core/velocity_axis.h"
#include "tests/unit/phantom_scenarios.h"

namespace soleus {
namespace {

using testing::Sketch;

/// Velocity of the brightest row for a pure tone of `cmPerS`.
double brightestCmPerS(const Scenario& scenario, double cmPerS) {
  const DopplerCalibration calibration = *profileOf(scenario).doppler;
  ColumnSpectrum spectrum(scenario, calibration);
  std::vector<std::complex<float>> tone;
  // By hand, not by dopplerShiftHz: 2 * 4.4 MHz * 0.01 m * 0.5 / 1540 m.
  const double hz = cmPerS * 2.0 * 4.4e6 * 0.01 * 0.5 / 1540.0;
  for (int n = 0; n < spectrum.windowSamples(); ++n)
    tone.emplace_back(std::polar(1.0, 2.0 * std::numbers::pi * hz / 4600.0 * n));
  const auto power = spectrum.power(tone);
  return velocityOfRow(calibration, static_cast<double>(std::ranges::max_element(power) - power.begin()));
}

TEST(PhantomSpectrum, ToneLandsOnTheRowOfItsVelocity) {
  const double halfRow = 161.0 / 200.0 / 2.0 + 1e-3;
  for (const char* side : {"up", "down"}) {
    for (const double fraction : {0.5, 0.7}) {
      Sketch sketch;
      sketch.towardHeart = side;
      sketch.baselineFraction = fraction;
      // The shorter side of the shifted baseline reaches to 0.3 * 161 = 48 cm/s.
      for (const double v : {-40.0, -7.3, 3.1, 30.0, 45.2})
        EXPECT_NEAR(brightestCmPerS(sketch.scenario(), v), v, halfRow) << side << " " << fraction;
    }
  }
}

TEST(PhantomSpectrum, ToneBeyondTheEdgeWrapsAround) {
  Sketch sketch;
  EXPECT_NEAR(brightestCmPerS(sketch.scenario(), 100.0), 100.0 - 161.0, 0.5);
  sketch.baselineFraction = 0.7;  // 0.7 * 161 = 112.7 cm/s above the baseline
  EXPECT_NEAR(brightestCmPerS(sketch.scenario(), 100.0), 100.0, 0.5);
}

TEST(PhantomSpectrum, GreyIsLinearInDecibelAboveTheNoise) {
  Sketch sketch;
  sketch.snrDb = 20;  // noise at 0.01; black 10 dB below it; white 50 dB above black
  const Scenario scenario = sketch.scenario();
  const ColumnSpectrum spectrum(scenario, *profileOf(scenario).doppler);
  EXPECT_EQ(spectrum.grey(0.0009F), 0);
  EXPECT_EQ(spectrum.grey(0.01F), 51);  // 10 of 50 dB
  EXPECT_EQ(spectrum.grey(1.0F), 153);  // 30 of 50 dB
  EXPECT_EQ(spectrum.grey(200.0F), 255);
}

/// Mean power of each row over `windows` windows of resting flow, and the velocity of the rows.
struct MeanSpectrum {
  std::vector<double> power;
  std::vector<double> velocityCmPerS;

  MeanSpectrum(const Scenario& scenario, int windows, double fromS = 0.0) {
    const DopplerCalibration calibration = *profileOf(scenario).doppler;
    const Haemodynamics haemodynamics(scenario, 3);
    const auto first = static_cast<std::int64_t>(fromS * scenario.scanner.prfHz);
    DopplerSignal signal(scenario, haemodynamics, 3, first);
    ColumnSpectrum spectrum(scenario, calibration);
    power.assign(static_cast<std::size_t>(calibration.region.height), 0.0);
    for (int w = 0; w < windows; ++w) {
      const auto p =
          spectrum.power(signal.samples(first + w * spectrum.windowSamples(), spectrum.windowSamples()));
      for (std::size_t row = 0; row < power.size(); ++row) power[row] += p[row] / windows;
    }
    for (std::size_t row = 0; row < power.size(); ++row)
      velocityCmPerS.push_back(velocityOfRow(calibration, static_cast<double>(row)));
  }

  [[nodiscard]] double meanPower(double fromCmPerS, double toCmPerS) const {
    double sum = 0;
    int rows = 0;
    for (std::size_t i = 0; i < power.size(); ++i) {
      if (velocityCmPerS[i] < fromCmPerS || velocityCmPerS[i] > toCmPerS) continue;
      sum += power[i];
      ++rows;
    }
    return sum / rows;
  }

  [[nodiscard]] double weightedMeanCmPerS(double noise) const {
    double sum = 0;
    double weight = 0;
    for (std::size_t i = 0; i < power.size(); ++i) {
      sum += velocityCmPerS[i] * (power[i] - noise);
      weight += power[i] - noise;
    }
    return sum / weight;
  }
};

constexpr int kWindows = 2500;  // about 1/sqrt(2500) = 2 % of scatter in a row

Sketch steadyFlow(double peakCmPerS, double profileExponent) {
  Sketch sketch;
  sketch.restPeakCmPerS = peakCmPerS;
  sketch.profileExponent = profileExponent;
  return sketch;
}

TEST(PhantomSpectrum, ParabolicProfileIsFlatUpToTheMaximum) {
  const MeanSpectrum s(steadyFlow(60, 2).scenario(), kWindows);
  // Unit power spread evenly over 60 of 161 cm/s, in units where white noise of power 1 gives 1; noise 0.01.
  const double flat = 161.0 / 60.0 + 0.01;
  for (double v = 9; v < 51; v += 6) EXPECT_NEAR(s.meanPower(v, v + 6), flat, 0.06 * flat) << v;
  EXPECT_NEAR(s.meanPower(58, 62), flat / 2, 0.1 * flat);  // the falling edge's half power is the maximum
  EXPECT_LT(s.meanPower(70, 80), 0.03 * flat);
}

TEST(PhantomSpectrum, WeightedMeanIsThatOfTheProfile) {
  // The wall filter takes u < 69 Hz / 1714 Hz = 0.04 away. Parabola: (1 + 0.04)/2 of the maximum is left.
  EXPECT_NEAR(MeanSpectrum(steadyFlow(60, 2).scenario(), kWindows).weightedMeanCmPerS(0.01), 31.2, 0.6);
  // n = 6: mean 0.75; below u0 lies 1 - (1-u0)^(1/3) = 1.35 % of the power, at 0.02 on average: 0.760.
  EXPECT_NEAR(MeanSpectrum(steadyFlow(60, 6).scenario(), kWindows).weightedMeanCmPerS(0.01), 45.6, 0.7);
}

TEST(PhantomSpectrum, SignalToNoiseIsAsConfigured) {
  for (const double snrDb : {0.0, 15.0}) {
    Sketch sketch = steadyFlow(60, 2);
    sketch.snrDb = snrDb;
    const MeanSpectrum s(sketch.scenario(), kWindows);
    const double noise = s.meanPower(-70, -20);
    const double blood = s.meanPower(20, 40) - noise;  // over 60 of 161 cm/s it adds up to the power of 1
    EXPECT_NEAR(10.0 * std::log10(blood * 60.0 / 161.0 / noise), snrDb, 0.3);
  }
}

TEST(PhantomSpectrum, WallFilterHoldsTheClutterOfAContraction) {
  Sketch sketch;
  sketch.restPeakCmPerS = 0;
  sketch.contractions = testing::kOneBurst;
  sketch.clutterDb = 50;
  // 40 windows within the burst, where the wall moves; unfiltered clutter would fill every row.
  const MeanSpectrum s(sketch.scenario(), 40, 1.05);
  EXPECT_NEAR(10.0 * std::log10(s.meanPower(-75, -15) / 0.01), 0.0, 1.5);
}

TEST(PhantomSpectrum, StandingBloodIsSilent) {
  const MeanSpectrum s(steadyFlow(0, 2).scenario(), 200);
  EXPECT_NEAR(10.0 * std::log10(s.meanPower(5, 75) / 0.01), 0.0, 0.5);
  EXPECT_LT(s.meanPower(-2, 2), 0.03);
}

}  // namespace
}  // namespace soleus
