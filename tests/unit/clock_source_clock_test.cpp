// Clocks with known faults, an hour each: times, what is flagged, and whether the uncertainty is true.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <random>
#include <vector>

#include "pipeline/clock/source_clock.h"

namespace soleus {
namespace {

constexpr double kHourS = 3600;
constexpr double kSettlesS = 30;
constexpr double kJitterS = 0.005;

enum class Jitter { kGaussian, kUniform, kTogether, kHeldUp };

struct Source {
  double periodS = 0.01;
  bool counted = true;
  double stampJitterS = 0;  // of the source's own stamps
  Jitter jitter = Jitter::kGaussian;
  int steps = 6;
  double faultsShare = 0.0005;  // of doubled and of backward stamps
};

/// What the worst seed showed.
struct Outcome {
  double worstS = 0;        // after settling
  double worstFaultyS = 0;  // of those with a faulty stamp
  bool advances = true;
  int missed = 0;      // faults that were not told
  int invented = 0;    // told and not there
  double covered = 0;  // share of errors within the uncertainty
  double meanErrorS = 0;
  double worstDriftPpm = 0;  // error, at the end
};

/// How late a block arrives: its constant delay is 0.
class Arrivals {
 public:
  explicit Arrivals(Jitter jitter) : jitter_(jitter) {}
  double lateS(std::mt19937_64& random) {
    switch (jitter_) {
      case Jitter::kGaussian:
        return std::normal_distribution(0.0, kJitterS)(random);
      case Jitter::kUniform:
        return std::uniform_real_distribution(-kJitterS, kJitterS)(random);
      case Jitter::kTogether:
        lastS_ = 0.8 * lastS_ + std::normal_distribution(0.0, 0.6 * kJitterS)(random);
        return lastS_;
      case Jitter::kHeldUp:
        break;
    }
    // Usually prompt, now and then held up.
    const double held = std::bernoulli_distribution(0.01)(random) ? 0.2 : 0.002;
    return std::exponential_distribution(1 / held)(random);
  }

 private:
  Jitter jitter_;
  double lastS_ = 0;
};

/// An hour of one source; true times count from 100 s.
class Hour {
 public:
  Hour(const Source& source, int seed)
      : source_(source),
        random_(static_cast<std::uint64_t>(seed)),
        arrivals_(source.jitter),
        clock_(source.counted ? std::optional(source.periodS) : std::nullopt),
        drift_(between(-200e-6, 200e-6)),
        deviceOffsetS_(between(-0.5, 0.5)) {
    for (int n = 0; n < source.steps; ++n) stepsAtS_.push_back(between(60, kHourS - 60));
    std::sort(stepsAtS_.begin(), stepsAtS_.end());
  }

  void run(Outcome& outcome) {
    int looks = 0;
    int covered = 0;
    double errors = 0;
    for (std::uint64_t n = 0;; ++n) {
      const double passedS = static_cast<double>(n) * source_.periodS / (1 + drift_);
      if (passedS > kHourS) break;
      const double trueS = 100 + passedS;
      if (nextStep_ < stepsAtS_.size() && passedS > stepsAtS_[nextStep_]) {
        deviceOffsetS_ += between(0.1, 2) * (chance(0.5) ? 1 : -1);
        ++nextStep_;
        sinceStep_ = 0;
      }
      StampFault injected = StampFault::kNone;
      const std::int64_t stampNs = stamp(trueS, n, injected);
      const auto reading =
          clock_.push(n, DeviceTime{stampNs}, ArrivalTime::fromSeconds(trueS + arrivals_.lateS(random_)));
      count(reading.fault, injected, outcome);
      if (n > 0 && reading.taken.ns <= lastNs_) outcome.advances = false;
      lastNs_ = reading.taken.ns;
      if (passedS < kSettlesS) continue;
      const double errorS = reading.taken.seconds() - trueS;
      double& most = reading.fault == StampFault::kNone ? outcome.worstS : outcome.worstFaultyS;
      most = std::max(most, std::abs(errorS));
      if (passedS > kSettlesS + 60 * looks) {
        ++looks;
        covered += std::abs(errorS) <= reading.uncertaintyS ? 1 : 0;
        errors += errorS;
      }
    }
    outcome.covered += static_cast<double>(covered) / looks;
    outcome.meanErrorS += errors / looks;
    outcome.worstDriftPpm = std::max(outcome.worstDriftPpm, std::abs(clock_.driftPpm() - 1e6 * drift_));
  }

 private:
  double between(double a, double b) { return std::uniform_real_distribution(a, b)(random_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }

  std::int64_t stamp(double trueS, std::uint64_t n, StampFault& injected) {
    double stampS = trueS * (1 + drift_) + deviceOffsetS_;
    if (source_.stampJitterS > 0) stampS += std::normal_distribution(0.0, source_.stampJitterS)(random_);
    std::int64_t stampNs = std::llround(stampS * 1e9);
    if (n > 0 && sinceStep_ < 0) {
      if (chance(source_.faultsShare)) {
        injected = StampFault::kDoubled;
        stampNs = lastStampNs_;
      } else if (chance(source_.faultsShare)) {
        injected = StampFault::kBackward;
        stampNs = lastStampNs_ - std::llround(between(0.001, 1) * 1e9);
      }
    }
    lastStampNs_ = stampNs;
    return stampNs;
  }

  void count(StampFault told, StampFault injected, Outcome& outcome) {
    if (sinceStep_ >= 0) {
      ++sinceStep_;
      if (told == StampFault::kStep) sinceStep_ = -1;
      if (sinceStep_ > 20) {
        ++outcome.missed;
        sinceStep_ = -1;
      }
    } else if (injected == StampFault::kNone) {
      outcome.invented += told != StampFault::kNone ? 1 : 0;
    } else {
      outcome.missed += told == injected ? 0 : 1;
    }
  }

  Source source_;
  std::mt19937_64 random_;
  Arrivals arrivals_;
  SourceClock clock_;
  double drift_;
  double deviceOffsetS_;
  std::vector<double> stepsAtS_;
  std::size_t nextStep_ = 0;
  int sinceStep_ = -1;  // stamps, while it is not told
  std::int64_t lastStampNs_ = 0;
  std::int64_t lastNs_ = 0;
};

Outcome outcomeOf(const Source& source, int seeds) {
  Outcome outcome;
  for (int seed = 1; seed <= seeds; ++seed) Hour(source, seed).run(outcome);
  outcome.covered /= seeds;
  outcome.meanErrorS /= seeds;
  return outcome;
}

TEST(SourceClock, HoldsAMillisecondWithACounter) {
  for (const Jitter jitter : {Jitter::kGaussian, Jitter::kUniform}) {
    for (const double stampJitterS : {0.0, 0.001}) {
      SCOPED_TRACE(static_cast<int>(jitter) + stampJitterS);
      const Outcome outcome = outcomeOf({.stampJitterS = stampJitterS, .jitter = jitter}, 2);
      EXPECT_LT(outcome.worstS, 0.001);
      EXPECT_LT(outcome.worstFaultyS, 0.001);
      EXPECT_TRUE(outcome.advances);
      EXPECT_EQ(outcome.missed, 0);
      // Of 360,000 stamps an hour: those that their own jitter turned round.
      EXPECT_LE(outcome.invented, stampJitterS > 0 ? 5 : 0);
      EXPECT_LT(outcome.worstDriftPpm, 1);
    }
  }
}

TEST(SourceClock, HoldsHalfAFrameByStampsAlone) {
  constexpr double kFrameS = 1.0 / 30;
  for (const Jitter jitter : {Jitter::kGaussian, Jitter::kUniform}) {
    const Outcome outcome = outcomeOf({.periodS = kFrameS, .counted = false, .jitter = jitter}, 8);
    EXPECT_LT(outcome.worstS, kFrameS / 2);
    EXPECT_LT(outcome.worstFaultyS, kFrameS / 2);
    EXPECT_TRUE(outcome.advances);
    EXPECT_EQ(outcome.missed, 0);
    EXPECT_EQ(outcome.invented, 0);
  }
}

TEST(SourceClock, IsNotMovedByThreadsThatAreHeldUp) {
  const Outcome outcome = outcomeOf({.periodS = 1.0 / 30, .jitter = Jitter::kHeldUp}, 4);
  EXPECT_TRUE(outcome.advances);
  EXPECT_EQ(outcome.missed, 0);
  // The usual lateness is a constant delay.
  EXPECT_LT(outcome.worstS - outcome.meanErrorS, 0.001);
  EXPECT_LT(outcome.meanErrorS, 0.002);
}

TEST(SourceClock, UncertaintyHoldsNineteenOfTwentyErrors) {
  // Also where neighbouring arrivals are late together, as those of one busy machine are.
  for (const Jitter jitter : {Jitter::kGaussian, Jitter::kUniform, Jitter::kTogether}) {
    for (const bool counted : {true, false}) {
      SCOPED_TRACE(static_cast<int>(jitter) + (counted ? 0 : 10));
      const Outcome outcome = outcomeOf({.periodS = 1.0 / 30, .counted = counted, .jitter = jitter}, 8);
      EXPECT_GE(outcome.covered, 0.95);
    }
  }
}

/// A counted source of 10 ms blocks without jitter, pushed by hand.
class ByHand {
 public:
  ClockReading push(double stampS, double arrivalS) {
    return clock_.push(sequence_++, DeviceTime::fromSeconds(stampS), ArrivalTime::fromSeconds(arrivalS));
  }
  void run(double fromS, double toS, double offsetS = 0) {
    for (double s = fromS; s < toS - 1e-9; s += 0.01) {
      const auto reading = push(s, s + offsetS);
      EXPECT_EQ(reading.fault, StampFault::kNone) << s;
      EXPECT_NEAR(reading.taken.seconds(), s + offsetS, 0.002) << s;
    }
  }
  SourceClock& clock() { return clock_; }

 private:
  SourceClock clock_{0.01};
  std::uint64_t sequence_ = 0;
};

TEST(SourceClock, TellsTimeForWhichNothingWasCounted) {
  for (const double gapS : {0.05, 0.4, 3.0}) {
    ByHand source;
    source.run(0, 20);
    bool told = false;
    for (double s = 20 + gapS; s < 21 + gapS; s += 0.01) {
      const auto reading = source.push(s, s);
      told = told || reading.fault == StampFault::kGap;
      if (told) {
        EXPECT_NEAR(reading.taken.seconds(), s, 0.001) << gapS;
      }
    }
    EXPECT_TRUE(told) << gapS;
  }
}

TEST(SourceClock, BeginsAnewWithItsSource) {
  ByHand source;
  source.run(0, 20, 5);
  source.clock().sourceBegan();
  const auto first = source.push(0, 40);
  EXPECT_EQ(first.fault, StampFault::kRestart);
  EXPECT_NEAR(first.taken.seconds(), 40, 0.001);
  source.run(0.01, 5, 40);
}

TEST(SourceClock, ALateFirstArrivalIsNotForever) {
  ByHand source;
  source.push(0, 0.5);
  for (double s = 0.01; s < 2; s += 0.01) {
    const auto reading = source.push(s, s);
    if (s > 1) {
      EXPECT_NEAR(reading.taken.seconds(), s, 0.001);
    }
  }
}

TEST(SourceClock, WhatWaitedToBeReadAtTheBeginningIsNotARate) {
  for (const double waitedS : {0.05, 0.1, 0.3, 0.5, 1.0, 2.0}) {
    ByHand source;
    std::mt19937_64 random(7);
    std::exponential_distribution<double> late(1 / 0.001);
    for (double s = 0; s < 60; s += 0.01) {
      const auto reading = source.push(s, std::max(s, waitedS) + late(random));
      if (s > waitedS + 1) {
        EXPECT_NEAR(reading.taken.seconds(), s + 0.001, 0.002) << "waited " << waitedS << " s, at " << s;
      }
    }
  }
}

TEST(SourceClock, AnotherPeriodThanToldIsNoticed) {
  for (const double factor : {0.5, 0.9, 1.1, 2.0}) {
    SourceClock clock(0.01);
    int told = 0;
    double trueS = 0;
    for (std::uint64_t n = 0; trueS < 30; ++n) {
      trueS = 0.01 * factor * static_cast<double>(n);
      const auto reading = clock.push(n, DeviceTime::fromSeconds(trueS), ArrivalTime::fromSeconds(trueS));
      told += reading.fault == StampFault::kPeriod ? 1 : 0;
      if (trueS > 5) {
        EXPECT_EQ(reading.fault, StampFault::kNone) << factor;
        EXPECT_NEAR(reading.taken.seconds(), trueS, 0.001) << factor << " at " << trueS;
      }
    }
    EXPECT_EQ(told, 1) << factor;
  }
}

TEST(SourceClock, FollowsACrystalThatWarms) {
  // 30 ppm in half an hour, and back.
  std::mt19937_64 random(3);
  std::normal_distribution<double> jitter(0, kJitterS);
  SourceClock clock(0.01);
  double trueS = 0;
  double worstS = 0;
  for (std::uint64_t n = 0; trueS < kHourS; ++n) {
    const double drift = 15e-6 * std::sin(2 * std::numbers::pi * trueS / kHourS);
    trueS += 0.01 * (1 - drift);
    const auto reading = clock.push(n, DeviceTime::fromSeconds(0.01 * static_cast<double>(n)),
                                    ArrivalTime::fromSeconds(trueS + jitter(random)));
    if (trueS > kSettlesS) worstS = std::max(worstS, std::abs(reading.taken.seconds() - trueS));
  }
  EXPECT_LT(worstS, 0.001);
}

}  // namespace
}  // namespace soleus
