#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "pipeline/signal/sample_reader.h"

namespace soleus {
namespace {

constexpr double kRateHz = 4000;
constexpr std::size_t kBlock = 40;

SignalSource interface() {
  SignalSource source;
  source.stream = "interface";
  source.format = SignalFormat::kSamples;
  source.samplesPerSecond = kRateHz;
  source.channels = {{"emg", "mV", 5}, {"force", "N", 1000}};
  return source;
}

/// Sample n of the interface: n / 1000 and its negative.
std::string block(std::uint64_t first, std::size_t count) {
  std::vector<float> values;
  for (std::uint64_t n = first; n < first + count; ++n) {
    values.push_back(static_cast<float>(n) / 1000);
    values.push_back(-static_cast<float>(n) / 1000);
  }
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

ArrivalTime at(double s) {
  return ArrivalTime::fromSeconds(s);
}

TEST(SampleReader, ScalesEachChannelAndSpreadsABlockOverItsTime) {
  SampleReader reader(interface());
  const auto samples = reader.push(block(0, 4), 0, at(5)).samples;
  ASSERT_EQ(samples.size(), 4U);
  EXPECT_NEAR(samples[3].values[0], 5 * 0.003, 1e-7);
  EXPECT_NEAR(samples[3].values[1], -1000 * 0.003, 1e-5);
  for (std::size_t n = 0; n < 4; ++n) {
    EXPECT_EQ(samples[n].sequence, n);
    EXPECT_NEAR(samples[n].taken.seconds(), 5 - (3 - static_cast<double>(n)) / kRateHz, 1e-8);
  }
}

TEST(SampleReader, WhatTheInterfaceCountedAndDidNotDeliverIsLost) {
  SampleReader reader(interface());
  (void)reader.push(block(0, kBlock), 0, at(1));
  const auto batch = reader.push(block(3 * kBlock, kBlock), 3 * kBlock, at(1.03));
  EXPECT_EQ(batch.samples.front().lost, 2 * kBlock);
  EXPECT_EQ(batch.samples.front().sequence, 3 * kBlock);
  EXPECT_EQ(batch.samples[1].lost, 0U);
  EXPECT_NEAR(batch.samples.front().taken.seconds(), 1.02 + 1 / kRateHz, 1e-4)
      << "the hole stays where it was";
}

TEST(SampleReader, OneThatCountsAnewLosesNothing) {
  SampleReader reader(interface());
  (void)reader.push(block(0, kBlock), 1000, at(1));
  const auto samples = reader.push(block(0, kBlock), 0, at(3)).samples;
  EXPECT_TRUE(samples.front().anew);
  EXPECT_EQ(samples.front().lost, 0U);
  EXPECT_EQ(samples.front().sequence, kBlock);
  EXPECT_NEAR(samples.back().taken.seconds(), 3, 0.02);
}

TEST(SampleReader, TimesIncreaseHoweverTheFirstBlocksCome) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    // A server that is just starting: what it kept comes at once, then some blocks late, then in time.
    std::uniform_real_distribution<double> late(0, 0.2);
    SampleReader reader(interface());
    std::int64_t lastNs = 0;
    double arrivalS = 1;
    for (std::uint64_t number = 0; number < 60; ++number) {
      const double dueS = 1 + static_cast<double>(number) * kBlock / kRateHz;
      arrivalS = std::max(arrivalS, dueS + (number < 20 ? late(random) : 0.001));
      for (const auto& sample :
           reader.push(block(number * kBlock, kBlock), number * kBlock, at(arrivalS)).samples) {
        ASSERT_GT(sample.taken.ns, lastNs) << seed << " " << sample.sequence;
        lastNs = sample.taken.ns;
      }
    }
  }
}

TEST(SampleReader, BytesThatAreNoWholeSampleAreLeftOut) {
  SampleReader reader(interface());
  EXPECT_TRUE(reader.push("1234567", 0, at(1)).samples.empty());
  EXPECT_EQ(reader.push(block(0, 2) + "123", 0, at(1)).samples.size(), 2U);
}

/// Blocks of an interface whose clock is fast, each held up a little on its way.
TEST(SampleReader, TimesAreThoseOfTheInterfaceDespiteDriftAndJitter) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    std::mt19937 random(seed);
    std::exponential_distribution<double> held(1 / 0.003);
    const double drift = std::uniform_real_distribution<double>(-200e-6, 200e-6)(random);
    SampleReader reader(interface());
    double last = -1;
    double worstS = 0;
    std::vector<double> errors;
    for (std::uint64_t first = 0; first < 120 * kRateHz; first += kBlock) {
      const auto takenS = [&](std::uint64_t n) {
        return 10 + static_cast<double>(n) / kRateHz / (1 + drift);
      };
      const double arrivalS = takenS(first + kBlock - 1) + std::min(held(random), 0.02);
      const auto batch = reader.push(block(first, kBlock), first, at(arrivalS));
      for (std::size_t n = 0; n < batch.samples.size(); ++n) {
        const double t = batch.samples[n].taken.seconds();
        ASSERT_GT(t, last) << seed << " " << first + n;
        last = t;
        if (takenS(first + n) > 40) errors.push_back(t - takenS(first + n));
      }
    }
    // The mean delay on the way is constant and no concern of the clock.
    const auto middle = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
    std::nth_element(errors.begin(), middle, errors.end());
    const double delay = *middle;
    for (const double error : errors) worstS = std::max(worstS, std::abs(error - delay));
    EXPECT_LT(worstS, 0.001) << seed;
    EXPECT_NEAR(reader.clock().driftPpm(), drift * 1e6, 20) << seed;
  }
}

}  // namespace
}  // namespace soleus
