#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "pipeline/clock/sample_clock.h"

namespace soleus {
namespace {

constexpr double kRateHz = 48000;
constexpr std::int64_t kBlock = 960;

/// Feeds `durationS` of blocks whose clock is off by `ppm`; the largest error of a sample's time, once
/// settled.
double worstErrorS(double ppm, double jitterS, double durationS) {
  SampleClock clock(kRateHz);
  std::mt19937 random(11);
  std::uniform_real_distribution<double> late(-jitterS, jitterS);
  const auto trueS = [&](std::int64_t sample) {
    return 5 + static_cast<double>(sample) / kRateHz * (1 + 1e-6 * ppm);
  };
  clock.start(trueS(0) + late(random));
  double worstS = 0;
  for (std::int64_t n = kBlock; static_cast<double>(n) < durationS * kRateHz; n += kBlock) {
    clock.observe(n, trueS(n) + late(random));
    if (clock.settledBy(n)) worstS = std::max(worstS, std::abs(clock.timeS(n) - trueS(n)));
  }
  return worstS;
}

TEST(SampleClock, followsDriftThroughJitter) {
  for (const double ppm : {-200.0, -20.0, 0.0, 100.0, 200.0}) {
    SCOPED_TRACE(ppm);
    // 0.6 ms are left alone, up to 0.6 ms is the lag, the rest is what the average leaves of the jitter.
    EXPECT_LT(worstErrorS(ppm, 0.003, 600), 0.002);
  }
}

TEST(SampleClock, exactAndRoundedStampsMoveNothing) {
  for (const double unitS : {1e-9, 1e-3}) {
    SampleClock clock(44100);
    clock.start(0);
    for (std::int64_t n = 0; n < 44100 * 60; n += 1024) {
      const double exactS = static_cast<double>(n) / 44100;
      clock.observe(n, unitS * std::round(exactS / unitS));
      ASSERT_EQ(clock.timeS(n), exactS);
    }
  }
}

TEST(SampleClock, deviationIsAgainstTheStampsNotTheCount) {
  SampleClock clock(kRateHz);
  clock.start(0);
  std::int64_t n = 0;
  for (; n < 600 * static_cast<std::int64_t>(kRateHz); n += kBlock)
    clock.observe(n, static_cast<double>(n) / kRateHz * (1 + 100e-6));
  // 60 ms lie between stamps and count by now.
  EXPECT_NEAR(clock.deviationS(n, static_cast<double>(n) / kRateHz * (1 + 100e-6)), 0, 0.0005);
  EXPECT_NEAR(clock.deviationS(n, static_cast<double>(n) / kRateHz * (1 + 100e-6) + 0.05), 0.05, 0.0005);
}

TEST(SampleClock, oneLateStampMovesLittle) {
  SampleClock clock(kRateHz);
  clock.start(0);
  std::int64_t n = kBlock;
  for (; n < 10 * static_cast<std::int64_t>(kRateHz); n += kBlock)
    clock.observe(n, static_cast<double>(n) / kRateHz);
  clock.observe(n, static_cast<double>(n) / kRateHz + 0.5);
  EXPECT_EQ(clock.timeS(n), static_cast<double>(n) / kRateHz);
}

}  // namespace
}  // namespace soleus
