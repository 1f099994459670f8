#include "pipeline/signal/signal_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>

namespace soleus {
namespace {

SignalSource board(double rateHz = 1000) {
  SignalSource source;
  source.stream = "board";
  source.samplesPerSecond = rateHz;
  source.channels = {{"emg", "mV", 0.001}, {"force", "N", 1}};
  return source;
}

std::string line(std::uint64_t counter, std::uint64_t timeUs) {
  return std::to_string(counter) + " " + std::to_string(timeUs) + " 250 3.5\n";
}

ArrivalTime at(double s) {
  return ArrivalTime::fromSeconds(s);
}

TEST(SignalReader, ScalesAndNumbersLinesHoweverTheyAreCut) {
  SignalReader reader(board());
  const std::string text = line(7, 1000) + line(8, 2000) + line(9, 3000);
  std::vector<SignalSample> samples;
  for (const char c : text) {
    for (auto& sample : reader.push(std::string(1, c), at(1)).samples) samples.push_back(sample);
  }
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_EQ(samples[0].values, (std::vector<double>{0.25, 3.5}));
  for (std::size_t n = 1; n < 3; ++n) {
    EXPECT_EQ(samples[n].sequence, samples[n - 1].sequence + 1);
    EXPECT_EQ((samples[n].device - samples[n - 1].device).ns, 1'000'000);
    EXPECT_EQ(samples[n].lost, 0U);
  }
}

TEST(SignalReader, LinesThatCameTogetherWereTakenOneAfterTheOther) {
  SignalReader reader(board());
  std::string ten;
  for (std::uint64_t n = 0; n < 10; ++n) ten += line(n, n * 1000);
  const auto samples = reader.push(ten, at(5)).samples;
  ASSERT_EQ(samples.size(), 10U);
  EXPECT_NEAR(samples.front().taken.seconds(), 4.991, 1e-6);
  EXPECT_NEAR(samples.back().taken.seconds(), 5, 1e-6);
}

TEST(SignalReader, CounterAndTimeBeginAnewWithoutAGap) {
  SignalReader reader(board());
  const std::uint64_t counter = 4294967290;
  const std::uint64_t timeUs = 4294960000;
  SignalBatch batch;
  SignalSample last;
  for (std::uint64_t n = 0; n < 20; ++n) {
    batch =
        reader.push(line((counter + n) % 4294967296, (timeUs + n * 1000) % 4294967296), at(1 + 0.001 * n));
    ASSERT_EQ(batch.samples.size(), 1U) << n;
    const SignalSample& sample = batch.samples[0];
    EXPECT_EQ(sample.lost, 0U);
    EXPECT_EQ(sample.fault, StampFault::kNone);
    if (n > 0) {
      EXPECT_EQ(sample.sequence, last.sequence + 1);
      EXPECT_EQ((sample.device - last.device).ns, 1'000'000);
    }
    last = sample;
  }
}

TEST(SignalReader, CountsWhatIsMissingAndWhy) {
  SignalReader reader(board());
  reader.push(line(0, 0), at(1));
  auto batch = reader.push(line(5, 5000), at(1.005));
  EXPECT_EQ(batch.samples.at(0).lost, 4U);
  EXPECT_EQ(batch.samples.at(0).malformed, 0U);
  batch = reader.push("6 6000 oops 1\n" + line(8, 8000), at(1.008));
  EXPECT_EQ(batch.malformed, 1U);
  EXPECT_EQ(batch.samples.at(0).lost, 2U);
  EXPECT_EQ(batch.samples.at(0).malformed, 1U);
  batch = reader.push(line(8, 8000) + line(7, 7000) + line(9, 9000), at(1.009));
  EXPECT_EQ(batch.duplicates, 2U);
  EXPECT_EQ(batch.samples.size(), 1U);
  EXPECT_EQ(batch.samples[0].lost, 0U);
}

TEST(SignalReader, ABoardThatWasSwitchedOffGoesOn) {
  SignalReader reader(board());
  for (std::uint64_t n = 500; n < 1000; ++n) reader.push(line(n, n * 1000), at(1 + 0.001 * n));
  // Five seconds later it counts from nought.
  std::uint64_t kept = 0;
  std::uint64_t dropped = 0;
  bool told = false;
  for (std::uint64_t n = 0; n < 400; ++n) {
    const auto batch = reader.push(line(n, n * 1000), at(7 + 0.001 * n));
    kept += batch.samples.size();
    dropped += batch.duplicates + batch.malformed;
    for (const auto& sample : batch.samples) {
      told = told || sample.fault == StampFault::kRestart;
      EXPECT_NEAR(sample.taken.seconds(), 7 + 0.001 * n, 0.001);
      EXPECT_EQ(sample.lost, 0U);
    }
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(kept + dropped, 400U);
  EXPECT_LE(dropped, 18U);
}

TEST(SignalReader, ACounterThatRunsAwayIsNotFollowed) {
  for (const std::uint64_t ahead : {900, 1500, 2'000'000'000}) {
    SCOPED_TRACE(ahead);
    SignalReader reader(board());
    for (std::uint64_t n = 0; n < 2000; ++n) reader.push(line(n, n * 1000), at(1 + 0.001 * n));
    // One misread line; after it the board goes on as before.
    for (std::uint64_t n = 2000; n < 2100; ++n) {
      const auto batch = reader.push(line(n == 2000 ? n + ahead : n, n * 1000), at(1 + 0.001 * n));
      EXPECT_EQ(batch.samples.size(), n == 2000 ? 0U : 1U);
      for (const auto& sample : batch.samples) {
        EXPECT_EQ(sample.lost, n == 2001 ? 1U : 0U) << n;
        EXPECT_EQ(sample.malformed, sample.lost);
        EXPECT_NEAR(sample.taken.seconds(), 1 + 0.001 * n, 0.002) << n;
      }
    }
  }
}

/// Datagrams of so many lines, some of them spoilt; what came of them.
struct Outcome {
  std::uint64_t written = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  int faults = 0;
  double worstS = 0;  // after two seconds
};

Outcome outcomeOf(std::uint64_t linesEach, const std::vector<std::uint64_t>& order) {
  SignalReader reader(board());
  Outcome outcome;
  std::uint64_t datagrams = 0;
  for (const std::uint64_t number : order) {
    std::string text;
    for (std::uint64_t n = number * linesEach; n < (number + 1) * linesEach; ++n) text += line(n, n * 1000);
    const double arrivalS = 1 + 0.001 * static_cast<double>(++datagrams * linesEach - 1);
    const auto batch = reader.push(text, at(arrivalS));
    outcome.duplicates += batch.duplicates;
    for (const auto& sample : batch.samples) {
      ++outcome.written;
      outcome.lost += sample.lost;
      outcome.faults += sample.fault == StampFault::kNone ? 0 : 1;
      const double trueS = 1 + 0.001 * static_cast<double>(sample.sequence);
      if (trueS > 3) outcome.worstS = std::max(outcome.worstS, std::abs(sample.taken.seconds() - trueS));
    }
  }
  return outcome;
}

TEST(SignalReader, ADatagramTwiceOrTooLateIsNoOtherBoard) {
  std::vector<std::uint64_t> order(200);
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::uint64_t> twice = order;
  twice.insert(twice.begin() + 100, 99);
  Outcome outcome = outcomeOf(50, twice);
  EXPECT_EQ(outcome.written, 200U * 50);
  EXPECT_EQ(outcome.duplicates, 50U);
  EXPECT_EQ(outcome.lost, 0U);
  EXPECT_EQ(outcome.faults, 0);
  std::swap(order[100], order[101]);
  outcome = outcomeOf(50, order);
  EXPECT_EQ(outcome.written, 199U * 50);
  EXPECT_EQ(outcome.duplicates, 50U);
  EXPECT_EQ(outcome.lost, 50U);
  EXPECT_EQ(outcome.faults, 0);
  EXPECT_LT(outcome.worstS, 0.03);
}

TEST(SignalReader, UncertaintyHoldsHoweverManyLinesComeTogether) {
  for (const std::uint64_t linesEach : {1, 10, 100}) {
    int covered = 0;
    int looks = 0;
    for (int seed = 0; seed < 8; ++seed) {
      std::mt19937_64 random(static_cast<std::uint64_t>(seed));
      std::normal_distribution<double> jitter(0, 0.005);
      SignalReader reader(board());
      SourceClock const& clock = reader.clock();
      for (std::uint64_t n = 0; n < 60'000; n += linesEach) {
        std::string text;
        for (std::uint64_t k = n; k < n + linesEach; ++k) text += line(k, k * 1000);
        const double trueS = 1 + 0.001 * static_cast<double>(n + linesEach - 1);
        const auto batch = reader.push(text, at(trueS + jitter(random)));
        if (n < 10'000 || n % 5'000 >= linesEach) continue;
        ++looks;
        covered += std::abs(batch.samples.back().taken.seconds() - trueS) <= clock.uncertaintyS() ? 1 : 0;
      }
    }
    EXPECT_GE(covered, 0.95 * looks) << linesEach;
    EXPECT_EQ(looks, 80);
  }
}

TEST(SignalReader, StrangersLinesAreNoLossOfTheBoards) {
  SignalSource source = board();
  source.token = "calf7";
  SignalReader reader(source);
  reader.push("calf7 " + line(0, 0), at(1));
  const auto batch = reader.push("junk\n" + line(1, 1000) + "calf7 " + line(2, 2000), at(1.002));
  EXPECT_EQ(batch.strangers, 2U);
  EXPECT_EQ(batch.malformed, 0U);
  ASSERT_EQ(batch.samples.size(), 1U);
  EXPECT_EQ(batch.samples[0].lost, 1U);
  EXPECT_EQ(batch.samples[0].malformed, 0U);
}

TEST(SignalReader, AValueThatNoFileHoldsIsMalformed) {
  SignalReader reader(board());
  EXPECT_EQ(reader.push("1 1000 1e300 0\n", at(1)).malformed, 1U);
  EXPECT_EQ(reader.push("2 2000 1e30 0\n", at(1)).samples.size(), 1U);
}

TEST(SignalReader, GarbageNeitherGrowsNorEndsIt) {
  SignalReader reader(board());
  std::uint64_t malformed = 0;
  for (int n = 0; n < 1000; ++n) malformed += reader.push(std::string(1000, 'x'), at(1)).malformed;
  EXPECT_EQ(malformed, 1U);  // one line that never ended
  reader.push("\n", at(2));
  EXPECT_EQ(reader.push(line(1, 1000), at(2)).samples.size(), 1U);
}

}  // namespace
}  // namespace soleus
