#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "calibration/speed/speed_check.h"

namespace soleus {
namespace {

using testing::HasSubstr;

constexpr double kColumnS = 0.004;

struct Recording {
  std::vector<double> time;
  std::vector<double> velocity;
};

/// Columns whose errors are alike over 12 of them, as an estimator that averages leaves them.
Recording recordingOf(double seconds, const std::function<double(double)>& cmPerS, double noiseCmPerS,
                      unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, noiseCmPerS);
  Recording r;
  double error = 0;
  for (int i = 0; i * kColumnS < seconds; ++i) {
    if (i % 12 == 0) error = normal(random);
    r.time.push_back(i * kColumnS);
    r.velocity.push_back(cmPerS(r.time.back()) + error);
  }
  return r;
}

Result<SpeedCheck> check(const Recording& r, const Speed& known) {
  return checkSpeed(r.time, r.velocity, kColumnS, known, "string.mkv");
}

std::string faultOf(const Recording& r, double knownCmPerS) {
  const auto result = check(r, {knownCmPerS, 0});
  return result.ok() ? "accepted" : result.error().sentence();
}

TEST(SpeedCheck, GivesTheFactorAndItsUncertainty) {
  const auto result = check(recordingOf(
                                10, [](double) { return 46.0; }, 0.5, 1),
                            {50, 0.5});
  ASSERT_TRUE(result.ok()) << result.error().sentence();
  const SpeedCheck& found = result.value();
  EXPECT_NEAR(found.measured.cmPerS, 46, 0.2);
  EXPECT_NEAR(found.scatterCmPerS, 0.5, 0.1);
  EXPECT_NEAR(found.coveredS, 10, 0.01);
  EXPECT_NEAR(found.factor, 50.0 / 46, 0.004);
  // 1 % of the known speed, 2 % of the method.
  EXPECT_NEAR(found.factorUncertainty, 50.0 / 46 * 0.0224, 0.001);
  EXPECT_TRUE(found.differs());
  EXPECT_FALSE(check(recordingOf(
                         10, [](double) { return 49.0; }, 0.5, 1),
                     {50, 0.5})
                   .value()
                   .differs());
}

// Errors of neighbouring columns are alike: a standard error as if they were not would be three times too
// small.
TEST(SpeedCheck, StatesAnUncertaintyThatCoversTheError) {
  int covered = 0;
  double ratio = 0;
  constexpr int kRuns = 200;
  for (int i = 0; i < kRuns; ++i) {
    const auto result = check(recordingOf(
                                  8, [](double) { return -30.0; }, 0.6, 100U + static_cast<unsigned>(i)),
                              {-30, 0});
    ASSERT_TRUE(result.ok()) << result.error().sentence();
    const Speed& m = result.value().measured;
    covered += std::abs(m.cmPerS + 30) < 2 * m.uncertaintyCmPerS;
    ratio += std::pow((m.cmPerS + 30) / m.uncertaintyCmPerS, 2) / kRuns;
  }
  EXPECT_GE(covered, 0.9 * kRuns);
  EXPECT_NEAR(ratio, 1, 0.4);
}

TEST(SpeedCheck, RefusesWhatIsNoSteadySpeed) {
  EXPECT_THAT(faultOf(recordingOf(
                          1, [](double) { return 50.0; }, 0.1, 1),
                      50),
              HasSubstr("too little"));
  EXPECT_THAT(faultOf(recordingOf(
                          10, [](double) { return -50.0; }, 0.1, 1),
                      50),
              HasSubstr("against"));
  EXPECT_THAT(faultOf(recordingOf(
                          10, [](double t) { return 50 + 10 * std::sin(t); }, 0.1, 1),
                      50),
              HasSubstr("not steady"));
  Recording gaps = recordingOf(
      10, [](double) { return 50.0; }, 0.1, 1);
  for (std::size_t i = 0; i < gaps.velocity.size(); ++i) {
    if (i % 10 < 6) gaps.velocity[i] = std::numeric_limits<double>::quiet_NaN();
  }
  EXPECT_THAT(faultOf(gaps, 50), HasSubstr("too little"));
  EXPECT_THAT(faultOf(recordingOf(
                          10, [](double) { return 17.8; }, 0.1, 1),
                      180),
              HasSubstr("another one"));
  EXPECT_THAT(faultOf({}, 50), HasSubstr("string.mkv"));
}

}  // namespace
}  // namespace soleus
