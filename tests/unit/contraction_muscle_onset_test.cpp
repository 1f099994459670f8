#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "pipeline/contraction/muscle_onset.h"

namespace soleus {
namespace {

constexpr double kLengthS = 12;
constexpr double kOnsetS = 6.137;
constexpr double kDurationS = 0.6;

double middle(std::vector<double> values) {
  std::ranges::sort(values);
  return values.at(values.size() / 2);
}

/// An EMG as electrodes give it: noise of 1 uV, hum, a wandering baseline, and from the onset on a burst of
/// noise `burst` times as strong that rises within 20 ms.
MuscleSignal emg(double rateHz, double burst, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<> noise;
  MuscleSignal signal;
  for (int n = 0; n < kLengthS * rateHz; ++n) {
    const double t = n / rateHz;
    const double active = t < kOnsetS || t > kOnsetS + kDurationS ? 0 : std::min(1.0, (t - kOnsetS) / 0.02);
    signal.timeS.push_back(t);
    signal.value.push_back(noise(random) * (1 + (burst - 1) * active) +
                           0.7 * std::sin(2 * std::numbers::pi * 50 * t) + 20 * std::sin(0.8 * t));
  }
  return signal;
}

/// A force of 100 N that rises over 0.2 s, on a sensor that drifts and has 0.3 N of noise.
MuscleSignal force(unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<> noise(0, 0.3);
  MuscleSignal signal{OnsetSource::kForce, {}, {}};
  for (int n = 0; n < kLengthS * 100; ++n) {
    const double t = n / 100.0;
    const double rise = std::clamp((t - kOnsetS) / 0.2, 0.0, 1.0);
    signal.timeS.push_back(t);
    signal.value.push_back(12 + 0.2 * t + 100 * (1 - std::cos(std::numbers::pi * rise)) / 2 + noise(random));
  }
  return signal;
}

TEST(MuscleOnset, IsThatOfTheEmg) {
  for (const double rateHz : {1000.0, 2048.0}) {
    for (const double burst : {3.0, 10.0}) {
      std::vector<double> errors;
      for (unsigned seed = 1; seed <= 40; ++seed) {
        // The flow comes after it, by no fixed time.
        const double flowS = kOnsetS + 0.05 + 0.004 * seed;
        const auto onset = MuscleActivity(emg(rateHz, burst, seed)).onsetS(flowS, 0);
        ASSERT_TRUE(onset) << rateHz << " Hz, " << burst << " times, seed " << seed;
        errors.push_back(std::abs(*onset - kOnsetS));
      }
      EXPECT_LT(middle(errors), 0.02) << rateHz << " Hz, " << burst << " times";
      EXPECT_LT(*std::ranges::max_element(errors), burst < 5 ? 0.07 : 0.02)
          << rateHz << " Hz, " << burst << " times";
    }
  }
}

// The foot is held up after the blood has gone: the muscle acts on for a second.
TEST(MuscleOnset, IsFoundWhereTheMuscleRestedForAWhileAlone) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    MuscleSignal signal = emg(1000, 10, seed);
    for (std::size_t n = 3000; n < 4300; ++n) signal.value[n] *= 8;
    const auto onset = MuscleActivity(signal).onsetS(kOnsetS + 0.1, 3.2);
    ASSERT_TRUE(onset) << seed;
    EXPECT_NEAR(*onset, kOnsetS, 0.03);
  }
}

TEST(MuscleOnset, IsNotMisledByACableThatFellOff) {
  for (const double silence : {0.0, 3.0, std::nan("")}) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
      MuscleSignal signal = emg(1000, 10, seed);
      for (std::size_t n = 4600; n < 5100; ++n) signal.value[n] = silence;
      const auto onset = MuscleActivity(signal).onsetS(kOnsetS + 0.1, 0);
      ASSERT_TRUE(onset) << silence;
      EXPECT_NEAR(*onset, kOnsetS, 0.03) << silence;
    }
  }
}

TEST(MuscleOnset, IsNoneWhereTheSignalHasAHole) {
  MuscleSignal signal = force(1);
  // Of the rest there is the beginning and the end.
  std::vector<double> timeS;
  std::vector<double> value;
  for (std::size_t n = 0; n < signal.timeS.size(); ++n) {
    if (signal.timeS[n] > 2.8 && signal.timeS[n] < kOnsetS - 0.72) continue;
    timeS.push_back(signal.timeS[n]);
    value.push_back(signal.value[n]);
  }
  EXPECT_FALSE(MuscleActivity({OnsetSource::kForce, timeS, value}).onsetS(kOnsetS + 0.1, 2.7));
}

// A sensor that is read in whole newtons rests without any scatter.
TEST(MuscleOnset, IsThatOfACoarseForce) {
  MuscleSignal signal = force(1);
  for (double& value : signal.value) value = std::floor(value / 4) * 4;
  const auto onset = MuscleActivity(signal).onsetS(kOnsetS + 0.1, 0);
  ASSERT_TRUE(onset);
  EXPECT_NEAR(*onset, kOnsetS, 0.06);
}

TEST(MuscleOnset, IsThatOfTheForce) {
  std::vector<double> errors;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const auto onset = MuscleActivity(force(seed)).onsetS(kOnsetS + 0.1, 0);
    ASSERT_TRUE(onset);
    errors.push_back(std::abs(*onset - kOnsetS));
  }
  EXPECT_LT(middle(errors), 0.04);
}

TEST(MuscleOnset, IsNoneWhereTheMuscleRests) {
  int found = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    found += MuscleActivity(emg(1000, 5, seed)).onsetS(3.5, 0) ? 1 : 0;
    found += MuscleActivity(force(seed)).onsetS(3.5, 0) ? 1 : 0;
  }
  EXPECT_LE(found, 2);
}

// The search begins 0.7 s before the flow: what was active there has begun nobody knows when.
TEST(MuscleOnset, IsNoneWhereTheMuscleActedLongBeforeTheFlow) {
  for (const double leadS : {0.8, 1.0, 1.3}) {
    EXPECT_FALSE(MuscleActivity(emg(1000, 10, 1)).onsetS(kOnsetS + leadS, 0)) << leadS;
    EXPECT_FALSE(MuscleActivity(force(1)).onsetS(kOnsetS + leadS, 0)) << leadS;
  }
}

TEST(MuscleOnset, NeedsRestBeforeItAndAnEmgThatIsFastEnough) {
  EXPECT_FALSE(MuscleActivity(emg(1000, 10, 1)).onsetS(kOnsetS + 0.1, kOnsetS - 0.7));
  EXPECT_FALSE(MuscleActivity(emg(100, 10, 1)).onsetS(kOnsetS + 0.1, 0));
  EXPECT_FALSE(MuscleActivity(MuscleSignal{}).onsetS(1, 0));
  EXPECT_FALSE(MuscleActivity(emg(1000, 10, 1)).onsetS(100, 0)) << "after its end";
}

TEST(MuscleOnset, OfARowComesFromTheFirstSignalThatShowsIt) {
  std::vector<FoundContraction> rows(2);
  rows[0].onsetS = rows[0].flowOnsetS = 3;
  rows[0].endS = 3.5;
  rows[1].onsetS = rows[1].flowOnsetS = kOnsetS + 0.1;
  rows[1].endS = kOnsetS + 0.6;
  timeByMuscle(rows, {MuscleActivity(emg(1000, 10, 1)), MuscleActivity(force(1))});
  EXPECT_EQ(rows[0].onsetSource, OnsetSource::kFlow);
  EXPECT_EQ(rows[0].onsetS, 3);
  EXPECT_EQ(rows[1].onsetSource, OnsetSource::kEmg);
  EXPECT_NEAR(rows[1].onsetS, kOnsetS, 0.03);
  EXPECT_EQ(rows[1].flowOnsetS, kOnsetS + 0.1);
  timeByMuscle(rows, {MuscleActivity(force(1))});
  EXPECT_EQ(rows[1].onsetSource, OnsetSource::kForce);
}

}  // namespace
}  // namespace soleus
