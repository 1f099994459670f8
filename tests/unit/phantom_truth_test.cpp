#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/phantom_scenarios.h"

namespace soleus {
namespace {

using testing::Sketch;

// Area of the 8 mm vein, pi/4 * 64 mm2, in cm2.
constexpr double kAreaCm2 = 0.50265;

TEST(PhantomTruth, RestIsProfileTimesArea) {
  const auto phantom = Sketch{}.phantom();
  const DopplerColumn column = phantom->truthAt(SessionTime::fromSeconds(1.0));
  EXPECT_FLOAT_EQ(column.peakCmPerS, 8.0F);
  EXPECT_FLOAT_EQ(column.meanCmPerS, 4.0F);  // n/(n+2) = 1/2
  EXPECT_FLOAT_EQ(column.peakReverseCmPerS, 0.0F);
  EXPECT_NEAR(column.volumeFlowMlPerMin, 4.0 * kAreaCm2 * 60.0, 0.01);
  const VesselSample vessel = phantom->vesselTruthAt(SessionTime::fromSeconds(1.0));
  EXPECT_NEAR(vessel.diameterMm, 8.0, 1e-5);
  EXPECT_NEAR(vessel.areaMm2, 100.0 * kAreaCm2, 1e-2);
}

TEST(PhantomTruth, BurstFromNothingHasTheIntegralOfItsForm) {
  Sketch sketch;
  sketch.restPeakCmPerS = 0;
  sketch.contractions = testing::kOneBurst;
  const auto rows = sketch.phantom()->contractions();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_DOUBLE_EQ(rows[0].flowOnsetS, 1.0);
  EXPECT_NEAR(rows[0].endS, 1.8, 1e-3);
  EXPECT_NEAR(rows[0].peakS, 1.0 + 0.375 * 0.8, 1e-3);
  EXPECT_NEAR(rows[0].peakVelocityCmPerS, 60.0, 1e-3);
  // Beta(2.5, 3.5) over the form's top value 0.375^1.5 * 0.625^2.5: 0.51915 of peak times duration.
  const double vti = std::beta(2.5, 3.5) / (std::pow(0.375, 1.5) * std::pow(0.625, 2.5)) * 60.0 * 0.8;
  EXPECT_NEAR(vti, 0.51915 * 48.0, 1e-2);
  EXPECT_NEAR(rows[0].vtiCm, vti, 1e-3);
  EXPECT_NEAR(rows[0].meanVelocityCmPerS, vti / 2.0 / 0.8, 1e-2);
  EXPECT_NEAR(rows[0].ejectedVolumeMl, vti / 2.0 * kAreaCm2, 1e-3);
  EXPECT_NEAR(rows[0].excessVolumeMl, rows[0].ejectedVolumeMl, 1e-9);
  EXPECT_TRUE(std::isnan(rows[0].augmentationRatio));  // of no flow at all there is none
  EXPECT_EQ(rows[0].refluxDurationS, 0.0);
}

TEST(PhantomTruth, RefluxHasItsDurationPeakAndVolume) {
  Sketch sketch;
  sketch.contractions = std::string(testing::kOneBurst) + ", reflux: {duration_s: 1.2, peak_cm_s: -13}";
  const auto phantom = sketch.phantom();
  const auto rows = phantom->contractions();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_DOUBLE_EQ(rows[0].refluxDurationS, 1.2);
  EXPECT_DOUBLE_EQ(rows[0].refluxPeakCmPerS, -13.0);
  const double integralCm = std::beta(1.8, 2.2) / (std::pow(0.4, 0.8) * std::pow(0.6, 1.2)) * 13.0 * 1.2;
  EXPECT_NEAR(rows[0].refluxVolumeMl, integralCm / 2.0 * kAreaCm2, 5e-3);
  // It lasts from 2.3 s (burst and pause) to 3.5 s.
  const auto peak = [&](double t) { return phantom->truthAt(SessionTime::fromSeconds(t)).peakCmPerS; };
  EXPECT_EQ(peak(2.29), 0.0F);
  EXPECT_NEAR(peak(2.3 + 0.4 * 1.2), -13.0, 1e-4);
  EXPECT_LT(peak(3.49), 0.0F);
  EXPECT_GT(peak(3.6), 0.0F);
  EXPECT_EQ(phantom->truthAt(SessionTime::fromSeconds(2.8)).peakForwardCmPerS, 0.0F);
}

TEST(PhantomTruth, ContractionRowsAgreeWithTheWaveform) {
  Sketch sketch;
  sketch.durationS = 20;
  sketch.contractions =
      "first_s: 5, interval_s: 7, count: 2, duration_s: 0.7, peak_cm_s: 70, last_peak_cm_s: 50, pause_s: "
      "0.3, "
      "refill_time_constant_s: 1, area_narrowing_percent: 40";
  const auto phantom = sketch.phantom();
  const auto rows = phantom->contractions();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NEAR(rows[0].baselineVelocityCmPerS, 8.0, 1e-6);
  EXPECT_NEAR(rows[0].augmentationRatio, 70.0 / 8.0, 1e-3);
  EXPECT_NEAR(rows[1].peakVelocityCmPerS, 50.0, 1e-2);
  for (const Contraction& row : rows) {
    double vti = 0, volumeMl = 0, peak = 0;
    const double dt = 0.001;
    for (double t = row.flowOnsetS + dt / 2; t < row.endS; t += dt) {
      const auto column = phantom->truthAt(SessionTime::fromSeconds(t));
      const auto vessel = phantom->vesselTruthAt(SessionTime::fromSeconds(t));
      vti += column.peakCmPerS * dt;
      volumeMl += column.meanCmPerS * vessel.areaMm2 / 100.0 * dt;
      peak = std::max(peak, static_cast<double>(column.peakCmPerS));
    }
    EXPECT_NEAR(row.vtiCm, vti, 0.002 * vti);
    EXPECT_NEAR(row.ejectedVolumeMl, volumeMl, 0.002 * volumeMl);
    EXPECT_NEAR(row.peakVelocityCmPerS, peak, 0.01);
    EXPECT_NEAR(phantom->truthAt(SessionTime::fromSeconds(row.endS)).peakCmPerS, row.baselineVelocityCmPerS,
                0.2);
  }
  // Refilled to 95 % after burst, pause and ln(20) time constants.
  EXPECT_NEAR(rows[0].endS + rows[0].refillTimeS, 5.0 + 0.7 + 0.3 + std::log(20.0), 1e-6);
  // The vein has lost 40 % of its area at the end of the burst.
  EXPECT_NEAR(phantom->vesselTruthAt(SessionTime::fromSeconds(5.69)).areaMm2, 60.0 * kAreaCm2, 0.05);
}

TEST(PhantomTruth, RefillCutShortByTheNextContractionIsUnknown) {
  Sketch sketch;
  sketch.durationS = 20;
  sketch.contractions =
      "first_s: 5, interval_s: 4, count: 2, duration_s: 0.7, peak_cm_s: 70, pause_s: 0.3, "
      "refill_time_constant_s: 10, area_narrowing_percent: 40";
  EXPECT_TRUE(std::isnan(sketch.phantom()->contractions().front().refillTimeS));
}

TEST(PhantomTruth, VelocityBeyondTheDisplayIsFlagged) {
  Sketch sketch;
  sketch.restPeakCmPerS = 90;  // Nyquist 80.5 cm/s
  EXPECT_EQ(sketch.phantom()->truthAt(SessionTime{}).quality, kAliased);
  sketch.baselineFraction = 0.7;  // the display now reaches 112 cm/s
  EXPECT_EQ(sketch.phantom()->truthAt(SessionTime{}).quality, 0);
}

}  // namespace
}  // namespace soleus
