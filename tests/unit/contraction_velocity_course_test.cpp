#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/contraction/breath.h"
#include "pipeline/contraction/pulse_rhythm.h"
#include "pipeline/contraction/velocity_course.h"
#include "pipeline/core/measurement.h"

namespace soleus {
namespace {

/// `velocity(t)` every 10 ms for `lengthS`.
template <class Velocity>
VelocityTrace traceOf(double lengthS, Velocity velocity) {
  VelocityTrace trace;
  for (int i = 0; i * 0.01 <= lengthS; ++i) {
    trace.timeS.push_back(i * 0.01);
    trace.peakCmPerS.push_back(velocity(i * 0.01));
    trace.meanCmPerS.push_back(trace.peakCmPerS.back() / 2);
    trace.quality.push_back(0);
  }
  return trace;
}

TEST(VelocityCourse, IntegratesBetweenColumnsToo) {
  const VelocityCourse course(traceOf(2, [](double t) { return 10 * t; }), 0);
  EXPECT_NEAR(course.integral(course.peaks(), 0.503, 1.507), 5 * (1.507 * 1.507 - 0.503 * 0.503), 1e-9);
}

// Slow blood has a velocity next to zero; what was painted over has none.
TEST(VelocityCourse, SlowBloodIsNotAMissingColumn) {
  VelocityTrace trace = traceOf(2, [](double) { return 10.0; });
  for (std::size_t i = 50; i < 100; ++i) {
    trace.peakCmPerS[i] = std::nan("");
    trace.quality[i] = kLowSnr;
  }
  const VelocityCourse slow(trace, 3);
  EXPECT_TRUE(slow.isSlow(70));
  EXPECT_DOUBLE_EQ(slow.peak(70), 1.5);
  for (std::size_t i = 50; i < 100; ++i) trace.quality[i] = kLowSnr | kOverlay;
  const VelocityCourse painted(trace, 3);
  EXPECT_FALSE(painted.isSlow(70));
  EXPECT_TRUE(std::isnan(painted.peak(70)));
  EXPECT_TRUE(std::isnan(painted.integral(painted.peaks(), 0, 2)));
  EXPECT_NEAR(painted.integral(painted.peaks(), 0.9, 2), 11, 1e-6);  // a tenth of it is missing
}

TEST(VelocityCourse, AGapIsNotBridged) {
  VelocityTrace trace = traceOf(1, [](double) { return 10.0; });
  for (double& t : trace.timeS) t += t > 0.505 ? 3 : 0;
  const VelocityCourse course(trace, 0);
  EXPECT_NEAR(course.knownShare(course.peaks(), 0, 4), 0.25, 0.01);
  EXPECT_TRUE(std::isnan(course.integral(course.peaks(), 0, 4)));
}

TEST(VelocityCourse, AColumnOrTwoOfNoiseAreNoBlood) {
  VelocityTrace trace = traceOf(1, [](double) { return 5.0; });
  trace.peakCmPerS[40] = trace.peakCmPerS[41] = 60;
  EXPECT_DOUBLE_EQ(VelocityCourse(trace, 0).peak(40), 5);
}

TEST(Breath, ItsPeriodIsFound) {
  for (const double period : {2.4, 4.0, 5.3}) {
    const VelocityCourse course(traceOf(16,
                                        [period](double t) {
                                          return 8 * (1 + 0.4 * std::sin(2 * M_PI * t / period)) *
                                                 (1 + 0.08 * std::sin(2 * M_PI * 1.1 * t));
                                        }),
                                0);
    EXPECT_NEAR(breathPeriodS(course, 0, 16), period, 0.2) << period;
  }
}

TEST(Breath, WhatDoesNotBreatheHasNone) {
  const VelocityCourse course(traceOf(16, [](double t) { return 8 + 0.1 * t; }), 0);
  EXPECT_TRUE(std::isnan(breathPeriodS(course, 0, 16)));
}

TEST(PulseRhythm, IsSteadyAndFast) {
  const std::vector<double> heart{0, 0.9, 1.8, 2.75, 3.6, 4.5, 5.4};
  for (const bool pulse : isPulse(heart)) EXPECT_TRUE(pulse);
  const std::vector<double> withOneEarlyAndOneUnseen{0, 0.9, 1.8, 2.7, 3.6, 4.5, 5.0, 6.2, 8.5};
  for (const bool pulse : isPulse(withOneEarlyAndOneUnseen)) EXPECT_TRUE(pulse);
  std::vector<double> raises;
  for (const double t : heart) raises.push_back(3 * t);
  for (const bool pulse : isPulse(raises)) EXPECT_FALSE(pulse);
  const std::vector<double> unsteady{0, 0.5, 1.6, 2.1, 3.2, 3.7, 4.8};
  for (const bool pulse : isPulse(unsteady)) EXPECT_FALSE(pulse);
}

}  // namespace
}  // namespace soleus
