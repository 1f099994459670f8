#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "pipeline/contraction/muscle_bursts.h"

namespace soleus {
namespace {

/// An EMG of 60 s at 1 kHz, five times as strong for 0.6 s from each onset on; what an electrode near the
/// chest adds: a heart's spike of 40 ms each second, `heart` times the noise.
MuscleSignal emg(const std::vector<double>& onsetsS, unsigned seed, double heart = 0) {
  std::mt19937 random(seed);
  std::normal_distribution<> noise;
  MuscleSignal signal;
  for (int n = 0; n < 60'000; ++n) {
    const double t = n / 1000.0;
    const bool acts =
        std::ranges::any_of(onsetsS, [&](double onset) { return t >= onset && t < onset + 0.6; });
    const double beat = std::fmod(t, 1.0);
    signal.timeS.push_back(t);
    signal.value.push_back(noise(random) * (acts ? 5 : 1) +
                           (beat < 0.04 ? heart * std::sin(beat / 0.04 * 2 * 3.14159265) : 0));
  }
  return signal;
}

MuscleSignal force(const std::vector<double>& onsetsS, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<> noise(0, 0.5);
  MuscleSignal signal{OnsetSource::kForce, {}, {}};
  for (int n = 0; n < 6'000; ++n) {
    const double t = n / 100.0;
    double value = 20 + 0.05 * t;
    for (const double onset : onsetsS) {
      if (t >= onset && t < onset + 0.8) value += 120 * std::sin((t - onset) / 0.8 * 3.14159265);
    }
    signal.timeS.push_back(t);
    signal.value.push_back(value + noise(random));
  }
  return signal;
}

const std::vector<double> kOnsetsS = {8.05, 13.2, 18.31, 23.4, 28.55, 33.6};

TEST(MuscleBursts, AreThoseOfTheMuscle) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    for (const MuscleSignal& signal : {emg(kOnsetsS, seed), emg(kOnsetsS, seed, 8), force(kOnsetsS, seed)}) {
      const auto bursts = muscleBursts(MuscleActivity(signal));
      ASSERT_EQ(bursts.size(), kOnsetsS.size()) << seed;
      // A beat just before may be taken into it.
      for (std::size_t n = 0; n < bursts.size(); ++n) EXPECT_NEAR(bursts[n].beginS, kOnsetsS[n], 0.2);
    }
  }
}

TEST(MuscleBursts, AreFoundWhereHalfOfTheRecordingIsMissing) {
  for (const double silence : {0.0, std::nan("")}) {
    MuscleSignal late = emg(kOnsetsS, 1);
    std::fill(late.value.begin(), late.value.begin() + 5000, silence);
    std::fill(late.value.begin() + 40'000, late.value.end(), silence);
    EXPECT_EQ(muscleBursts(MuscleActivity(late)).size(), kOnsetsS.size()) << silence;
  }
  MuscleSignal holed = force(kOnsetsS, 1);
  std::fill(holed.value.begin() + 4000, holed.value.begin() + 4020, std::nan(""));
  EXPECT_EQ(muscleBursts(MuscleActivity(holed)).size(), kOnsetsS.size());
}

TEST(MuscleBursts, AreNoneAtRestOrOfATwitch) {
  int found = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    found += static_cast<int>(muscleBursts(MuscleActivity(emg({}, seed))).size());
    found += static_cast<int>(muscleBursts(MuscleActivity(emg({}, seed, 10))).size());
  }
  EXPECT_EQ(found, 0);
  MuscleSignal twitch = emg({}, 1);
  for (int n = 20'000; n < 20'080; ++n) twitch.value[static_cast<std::size_t>(n)] *= 30;
  EXPECT_TRUE(muscleBursts(MuscleActivity(twitch)).empty());
  EXPECT_TRUE(muscleBursts(MuscleActivity(MuscleSignal{})).empty());
}

TEST(MuscleBursts, WithoutFlowAreRowsThatCountForNothing) {
  std::vector<FoundContraction> rows(2);
  rows[0].onsetS = rows[0].flowOnsetS = kOnsetsS[0] + 0.12;
  rows[0].endS = rows[0].flowOnsetS + 0.5;
  rows[1].onsetS = rows[1].flowOnsetS = kOnsetsS[3] + 0.2;
  rows[1].endS = rows[1].flowOnsetS + 0.5;
  rows[0].quality = rows[1].quality = 1;
  addWithoutFlow(rows, MuscleActivity(emg(kOnsetsS, 3)));
  ASSERT_EQ(rows.size(), kOnsetsS.size());
  for (std::size_t n = 0; n < rows.size(); ++n) {
    if (n == 0 || n == 3) {
      EXPECT_EQ(rows[n].quality, 1);
      EXPECT_FALSE(std::isnan(rows[n].flowOnsetS));
      continue;
    }
    EXPECT_NEAR(rows[n].onsetS, kOnsetsS[n], 0.03);
    EXPECT_EQ(rows[n].onsetSource, OnsetSource::kEmg);
    EXPECT_LT(rows[n].quality, kSureQuality);
    EXPECT_TRUE(std::isnan(rows[n].flowOnsetS));
    EXPECT_TRUE(std::isnan(rows[n].ejectedVolumeMl));
  }
}

}  // namespace
}  // namespace soleus
