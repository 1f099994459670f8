#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "calibration/phantom/contraction_truth.h"
#include "calibration/phantom/muscle.h"
#include "tests/unit/phantom_scenarios.h"

namespace soleus {
namespace {

testing::Sketch raises() {
  testing::Sketch sketch;
  sketch.durationS = 12;
  sketch.contractions =
      "first_s: 2, interval_s: 3, count: 3, duration_s: 0.8, peak_cm_s: 70, pause_s: 0.3, "
      "refill_time_constant_s: 2, area_narrowing_percent: 30";
  return sketch;
}

double rms(const std::vector<MuscleSample>& samples, double fromS, double toS) {
  double squares = 0;
  int count = 0;
  for (auto n = static_cast<std::size_t>(fromS * PhantomMuscle::kRateHz);
       n < static_cast<std::size_t>(toS * PhantomMuscle::kRateHz); ++n) {
    squares += samples[n].emgMv * samples[n].emgMv;
    ++count;
  }
  return std::sqrt(squares / count);
}

TEST(PhantomMuscle, ActsBeforeTheFlowOfEachContraction) {
  const Scenario scenario = raises().scenario();
  PhantomMuscle muscle(scenario, 3);
  std::vector<MuscleSample> samples;
  for (std::uint64_t n = 0; n < scenario.durationS * PhantomMuscle::kRateHz; ++n)
    samples.push_back(muscle.at(n));
  const auto rows = contractionTruth(scenario, Haemodynamics(scenario, 3));
  ASSERT_FALSE(rows.empty());
  for (const Contraction& row : rows) {
    EXPECT_DOUBLE_EQ(row.onsetS, row.flowOnsetS - PhantomMuscle::kLeadS);
    EXPECT_EQ(row.onsetSource, OnsetSource::kEmg);
    EXPECT_LT(rms(samples, row.onsetS - 0.2, row.onsetS), 0.01);
    EXPECT_GT(rms(samples, row.onsetS + 0.03, row.onsetS + 0.2), 0.02);
    EXPECT_GT(samples[static_cast<std::size_t>(1000 * (row.flowOnsetS + 0.3))].forceN, 30);
  }
  EXPECT_NEAR(samples[100].forceN, 20, 3);
}

TEST(PhantomMuscle, IsTheSameForTheSameSeed) {
  const Scenario scenario = raises().scenario();
  PhantomMuscle one(scenario, 3);
  PhantomMuscle two(scenario, 3);
  PhantomMuscle other(scenario, 4);
  EXPECT_EQ(one.at(1234).emgMv, two.at(1234).emgMv);
  EXPECT_NE(one.at(1235).emgMv, other.at(1235).emgMv);
}

}  // namespace
}  // namespace soleus
