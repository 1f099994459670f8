#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "calibration/phantom/contraction_truth.h"
#include "calibration/phantom/haemodynamics.h"
#include "pipeline/contraction/find_contractions.h"
#include "pipeline/core/measurement.h"

namespace soleus {
namespace {

constexpr double kHiddenCmPerS = 2.4;

/// A leg as of a phantom session: healthy to weak, every third with reflux.
Scenario leg(std::mt19937& random) {
  const auto between = [&](double a, double b) { return std::uniform_real_distribution<>(a, b)(random); };
  Scenario s;
  s.flow.restPeakCmPerS = between(5, 12);
  s.flow.breathRateHz = between(0.18, 0.35);
  s.flow.breathModulation = between(0.1, 0.6);
  s.flow.heartModulation = between(0.02, 0.12);
  ContractionSettings c;
  c.firstS = between(12, 18);
  c.intervalS = between(4, 8);
  c.count = 10;
  c.durationS = between(0.5, 1.0);
  c.peakCmPerS = between(30, 110);
  c.lastPeakCmPerS = c.peakCmPerS * between(0.7, 1.0);
  c.pauseS = between(0.1, 0.5);
  c.refillTimeConstantS = between(0.7, 6);
  if (random() % 3 == 0) {
    c.refluxDurationS = between(0.3, 2.0);
    c.refluxPeakCmPerS = -between(6, 20);
  }
  s.contractions = c;
  s.durationS = c.firstS + c.count * c.intervalS + 5;
  return s;
}

/// What a scanner with a wall filter and a noisy estimate shows of it.
VelocityTrace traceOf(const Scenario& scenario, const Haemodynamics& blood, std::mt19937& random) {
  std::normal_distribution<> noise(0, 1);
  VelocityTrace trace;
  for (double t = 0.002; t < scenario.durationS; t += 0.004) {
    const double v = blood.peakCmPerS(t);
    const bool hidden = std::abs(v) < kHiddenCmPerS;
    trace.timeS.push_back(t);
    trace.peakCmPerS.push_back(hidden ? std::nan("") : v * (1 + 0.02 * noise(random)) + 0.3 * noise(random));
    trace.meanCmPerS.push_back(hidden ? std::nan("") : blood.meanCmPerS(t));
    trace.flowMlPerMin.push_back(hidden ? std::nan("") : blood.flowMlPerMin(t));
    trace.quality.push_back(hidden ? kLowSnr : 0);
  }
  return trace;
}

double middleOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

/// The found row nearest to a true onset, if it lies within 0.3 s.
const FoundContraction* nearest(const std::vector<FoundContraction>& rows, double onsetS) {
  const auto row = std::min_element(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
    return std::abs(a.onsetS - onsetS) < std::abs(b.onsetS - onsetS);
  });
  return row != rows.end() && std::abs(row->onsetS - onsetS) < 0.3 ? &*row : nullptr;
}

struct Errors {
  int truth = 0;
  int missed = 0;
  int invented = 0;
  int refluxSeen = 0;
  int refluxWrong = 0;
  std::vector<double> onsetS, peak, vti, mean, ejected, excess, augmentation, ratio, refluxS, refluxPeak,
      refill;
};

Errors errorsOver(int legs) {
  Errors e;
  std::mt19937 random(1006);
  for (int n = 0; n < legs; ++n) {
    const Scenario scenario = leg(random);
    const Haemodynamics blood(scenario, 1000 + static_cast<std::uint64_t>(n));
    const auto rows = findContractions(traceOf(scenario, blood, random), kHiddenCmPerS);
    const auto truth = contractionTruth(scenario, blood);
    e.truth += static_cast<int>(truth.size());
    e.invented += static_cast<int>(rows.size());
    for (const Contraction& t : truth) {
      const FoundContraction* f = nearest(rows, t.flowOnsetS);
      if (f == nullptr) {
        ++e.missed;
        continue;
      }
      --e.invented;
      e.onsetS.push_back(std::abs(f->onsetS - t.flowOnsetS));
      e.peak.push_back(std::abs(f->peakVelocityCmPerS / t.peakVelocityCmPerS - 1));
      e.vti.push_back(std::abs(f->vtiCm / t.vtiCm - 1));
      e.ejected.push_back(std::abs(f->ejectedVolumeMl / t.ejectedVolumeMl - 1));
      e.mean.push_back(std::abs(f->meanVelocityCmPerS / t.meanVelocityCmPerS - 1));
      e.excess.push_back(std::abs(f->excessVolumeMl / t.excessVolumeMl - 1));
      e.augmentation.push_back(std::abs(f->augmentationCmPerS / t.augmentationCmPerS - 1));
      if (!std::isnan(f->augmentationRatio))
        e.ratio.push_back(std::abs(f->augmentationRatio / t.augmentationRatio - 1));
      if (t.refluxDurationS > 0) {
        e.refluxS.push_back(std::abs(f->refluxDurationS - t.refluxDurationS));
        e.refluxPeak.push_back(std::abs(f->refluxPeakCmPerS / t.refluxPeakCmPerS - 1));
      }
      if (std::abs(t.refluxDurationS - 0.5) >= 0.1) {
        ++e.refluxSeen;
        e.refluxWrong += (f->refluxDurationS > 0.5) == (t.refluxDurationS > 0.5) ? 0 : 1;
      }
      if (!std::isnan(t.refillTimeS) && !std::isnan(f->refillTimeS))
        e.refill.push_back(std::abs(f->refillTimeS / t.refillTimeS - 1));
    }
  }
  return e;
}

TEST(FindContractions, MeasuresWhatALegDoes) {
  const Errors e = errorsOver(12);
  EXPECT_LE(e.missed, 0.01 * e.truth);
  EXPECT_LE(e.invented, 0.01 * e.truth);
  EXPECT_LE(middleOf(e.onsetS), 0.02);
  EXPECT_LE(middleOf(e.peak), 0.01);
  EXPECT_LE(middleOf(e.vti), 0.02);
  EXPECT_LE(middleOf(e.ejected), 0.03);
  EXPECT_LE(middleOf(e.excess), 0.03);
  EXPECT_LE(middleOf(e.augmentation), 0.02);
  EXPECT_LE(middleOf(e.ratio), 0.1);
  EXPECT_LE(middleOf(e.mean), 0.03);
  EXPECT_GT(e.refluxS.size(), 20u);
  EXPECT_LE(middleOf(e.refluxS), 0.05);
  EXPECT_LE(middleOf(e.refluxPeak), 0.05);
  EXPECT_LE(e.refluxWrong, 0.01 * e.refluxSeen);
  EXPECT_GT(e.refill.size(), 10u);
  EXPECT_LE(middleOf(e.refill), 0.1);
}

TEST(FindContractions, NothingIsFoundAtRest) {
  std::mt19937 random(1007);
  for (int n = 0; n < 10; ++n) {
    Scenario scenario = leg(random);
    scenario.contractions.reset();
    const Haemodynamics blood(scenario, 1000 + static_cast<std::uint64_t>(n));
    EXPECT_TRUE(findContractions(traceOf(scenario, blood, random), kHiddenCmPerS).empty()) << n;
  }
}

TEST(FindContractions, NoRefillTimeWhereTheNextContractionCutsItShort) {
  std::mt19937 random(1008);
  Scenario scenario = leg(random);
  scenario.contractions->intervalS = 5;
  scenario.contractions->refillTimeConstantS = 6;  // 18 s until it is back
  const Haemodynamics blood(scenario, 1001);
  const auto rows = findContractions(traceOf(scenario, blood, random), kHiddenCmPerS);
  ASSERT_EQ(rows.size(), 10u);
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) EXPECT_TRUE(std::isnan(rows[i].refillTimeS)) << i;
}

/// Columns of the trace from one time to another.
VelocityTrace cut(const VelocityTrace& trace, double fromS, double toS) {
  VelocityTrace part;
  for (std::size_t i = 0; i < trace.timeS.size(); ++i) {
    if (trace.timeS[i] < fromS || trace.timeS[i] >= toS) continue;
    part.timeS.push_back(trace.timeS[i]);
    part.peakCmPerS.push_back(trace.peakCmPerS[i]);
    part.meanCmPerS.push_back(trace.meanCmPerS[i]);
    part.flowMlPerMin.push_back(trace.flowMlPerMin[i]);
    part.quality.push_back(trace.quality[i]);
  }
  return part;
}

/// One leg with a contraction each 6 s from 12 s on, 0.8 s long; reflux of 0.8 s if asked for.
struct OneLeg {
  Scenario scenario;
  VelocityTrace trace;
};
OneLeg oneLeg(bool reflux) {
  std::mt19937 random(1009);
  OneLeg one{leg(random), {}};
  ContractionSettings& c = *one.scenario.contractions;
  c.firstS = 12;
  c.intervalS = 6;
  c.durationS = 0.8;
  c.pauseS = 0.2;
  c.peakCmPerS = c.lastPeakCmPerS = 70;
  c.refillTimeConstantS = 1;
  c.refluxDurationS = reflux ? 0.8 : 0;
  c.refluxPeakCmPerS = reflux ? -15 : 0;
  one.scenario.flow.restPeakCmPerS = 8;
  one.scenario.flow.breathModulation = 0.3;
  const Haemodynamics blood(one.scenario, 1001);
  one.trace = traceOf(one.scenario, blood, random);
  return one;
}

// Two seconds of rest are half a breath or so; from twelve on there is enough.
TEST(FindContractions, SaysOfHowManyBreathsABaselineIsWhereTheyAreFew) {
  const auto few = findContractions(cut(oneLeg(false).trace, 9.8, 30), kHiddenCmPerS);
  ASSERT_EQ(few.size(), 3u);
  EXPECT_NEAR(few[0].restBreaths, 0.5, 0.1);
  EXPECT_TRUE(std::isnan(few[1].restBreaths));
}

TEST(FindContractions, WithoutRestBeforeItThereIsNoBaseline) {
  const auto rows = findContractions(cut(oneLeg(false).trace, 11.2, 30), kHiddenCmPerS);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_NEAR(rows[0].onsetS, 12, 0.05);
  EXPECT_TRUE(std::isnan(rows[0].baselineVelocityCmPerS));
  EXPECT_TRUE(std::isnan(rows[0].augmentationRatio));
  EXPECT_TRUE(std::isnan(rows[0].refillTimeS));
  EXPECT_FALSE(std::isnan(rows[1].baselineVelocityCmPerS));
}

// It ends in the middle of the third: what was measured of that is not what it ejected.
TEST(FindContractions, AContractionThatTheEndCutsOffIsDoubted) {
  const auto rows = findContractions(cut(oneLeg(false).trace, 0, 24.35), kHiddenCmPerS);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_GE(rows[1].quality, 0.5);
  EXPECT_LT(rows[2].quality, 0.5);
  EXPECT_LE(rows[2].peakS, rows[2].endS);
  EXPECT_TRUE(std::isnan(rows[2].refluxDurationS));
}

TEST(FindContractions, ARefluxThatIsCutShortHasNoLengthUnlessItIsPathological) {
  const OneLeg one = oneLeg(true);
  EXPECT_NEAR(findContractions(cut(one.trace, 0, 16), kHiddenCmPerS).front().refluxDurationS, 0.8, 0.08);
  EXPECT_TRUE(std::isnan(findContractions(cut(one.trace, 0, 13.5), kHiddenCmPerS).front().refluxDurationS));
  EXPECT_EQ(findContractions(cut(oneLeg(false).trace, 0, 16), kHiddenCmPerS).front().refluxDurationS, 0);
  EXPECT_TRUE(
      std::isnan(findContractions(cut(oneLeg(false).trace, 0, 13.2), kHiddenCmPerS).front().refluxDurationS));
}

// The probe was lifted for fifteen seconds: what comes back is no contraction.
TEST(FindContractions, SignalThatComesBackIsDoubted) {
  VelocityTrace trace = cut(oneLeg(false).trace, 0, 11);
  const std::size_t size = trace.timeS.size();
  for (std::size_t i = size / 2; i < 3 * size / 4; ++i) {
    trace.peakCmPerS[i] = trace.meanCmPerS[i] = trace.flowMlPerMin[i] = std::nan("");
    trace.quality[i] = kLowSnr;
  }
  for (const Contraction& row : findContractions(trace, kHiddenCmPerS)) EXPECT_LT(row.quality, 0.5);
}

TEST(FindContractions, AliasedOnesAreDoubted) {
  VelocityTrace trace = oneLeg(false).trace;
  for (std::size_t i = 0; i < trace.timeS.size(); ++i) {
    if (trace.peakCmPerS[i] > 60) trace.quality[i] |= kAliased;
  }
  for (const Contraction& row : findContractions(trace, kHiddenCmPerS)) EXPECT_LT(row.quality, 0.5);
}

// Seated, the wall filter may hide all of the resting flow.
TEST(FindContractions, RestThatTheWallFilterHidesGivesNoRatioAndNoRefill) {
  OneLeg one = oneLeg(false);
  for (std::size_t i = 0; i < one.trace.timeS.size(); ++i) {
    if (!(one.trace.peakCmPerS[i] < 13)) continue;
    one.trace.peakCmPerS[i] = one.trace.meanCmPerS[i] = one.trace.flowMlPerMin[i] = std::nan("");
    one.trace.quality[i] = kLowSnr;
  }
  const auto rows = findContractions(one.trace, 13);
  ASSERT_EQ(rows.size(), 10u);
  for (const Contraction& row : rows) {
    EXPECT_TRUE(std::isnan(row.augmentationRatio)) << row.onsetS;
    EXPECT_TRUE(std::isnan(row.refillTimeS)) << row.onsetS;
  }
}

TEST(FindContractions, FewColumnsHaveNone) {
  EXPECT_TRUE(findContractions({}, 0).empty());
  EXPECT_TRUE(findContractions(cut(oneLeg(false).trace, 5, 5.005), 0).empty());
}

TEST(FindContractions, WhatFollowsTheHeartIsDoubted) {
  VelocityTrace trace;
  for (double t = 0; t < 30; t += 0.005) {
    const double beat = std::fmod(t, 0.9) / 0.9;
    trace.timeS.push_back(t);
    trace.peakCmPerS.push_back(5 + 60 * std::exp(-std::pow((beat - 0.2) / 0.06, 2)));
    trace.meanCmPerS.push_back(trace.peakCmPerS.back() / 2);
    trace.quality.push_back(0);
  }
  const auto rows = findContractions(trace, 0);
  ASSERT_GT(rows.size(), 20u);
  for (const Contraction& row : rows) EXPECT_LT(row.quality, 0.5) << row.onsetS;
}

TEST(FindContractions, ALumenThatWasNotSeenLeavesVolumesOpen) {
  std::mt19937 random(1010);
  const Scenario scenario = leg(random);
  const Haemodynamics blood(scenario, 1001);
  VelocityTrace trace = traceOf(scenario, blood, random);
  trace.flowMlPerMin.clear();
  const auto rows = findContractions(trace, kHiddenCmPerS);
  ASSERT_EQ(rows.size(), 10u);
  for (const Contraction& row : rows) {
    EXPECT_TRUE(std::isnan(row.ejectedVolumeMl) && std::isnan(row.excessVolumeMl));
    EXPECT_FALSE(std::isnan(row.vtiCm));
  }
}

}  // namespace
}  // namespace soleus
