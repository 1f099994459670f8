#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "pipeline/clock/delay_measurement.h"
#include "pipeline/clock/flash_onsets.h"
#include "pipeline/clock/signal_onsets.h"
#include "tests/unit/sync_streams.h"

namespace soleus {
namespace {

using Times = std::vector<double>;
using Measured = Result<DelayMeasurement>;

#ifdef __SANITIZE_ADDRESS__
constexpr int kSeeds = 2;  // as much code, a tenth of the speed
#else
constexpr int kSeeds = 40;
#endif
constexpr int kFirstSeed = 1001;
constexpr double kWithinS = 0.5;
constexpr double kSignalToleranceS = 0.002;

struct Trial {
  Random random;
  double delayS;
  double lengthS;
  Times times;    ///< as the second stream sees them
  Times delayed;  ///< as the first does
};

Trial trialOf(int seed, int events, double leastS, double moreS) {
  Trial trial{Random(static_cast<std::uint64_t>(seed)), 0, 0, {}, {}};
  trial.delayS = between(trial.random, 0, 0.3);
  trial.times = eventTimes(trial.random, events, leastS, moreS);
  trial.lengthS = trial.times.back() + 2;
  for (const double t : trial.times) trial.delayed.push_back(t + trial.delayS);
  return trial;
}

/// All seeds within the tolerance, none refused, and at least 95 % within what they say of themselves.
void expectMeasured(double toleranceS, const std::function<Measured(Trial&)>& measure, int events = 15,
                    double leastS = 1, double moreS = 1.5) {
  int covered = 0;
  for (int seed = kFirstSeed; seed < kFirstSeed + kSeeds; ++seed) {
    Trial trial = trialOf(seed, events, leastS, moreS);
    const auto found = measure(trial);
    ASSERT_TRUE(found.ok()) << "seed " << seed << ": " << found.error().sentence();
    const double errorS = found.value().events.delayS - trial.delayS;
    EXPECT_LE(std::abs(errorS), toleranceS) << "seed " << seed;
    EXPECT_LE(found.value().events.uncertaintyS, 2.5 * toleranceS) << "seed " << seed;
    if (std::abs(errorS) <= found.value().events.uncertaintyS) ++covered;
  }
  EXPECT_GE(covered, 0.95 * kSeeds);
}

/// How many of so many seeds are refused.
int refused(int seeds, const std::function<Measured(Trial&)>& measure, int events = 15, double leastS = 1,
            double moreS = 1.5) {
  int count = 0;
  for (int seed = kFirstSeed; seed < kFirstSeed + seeds; ++seed) {
    Trial trial = trialOf(seed, events, leastS, moreS);
    count += measure(trial).ok() ? 0 : 1;
  }
  return count;
}

SyncSeries line(Trial& t, const Times& times, double noise = 0.01, double widthS = 0.05) {
  return signalOnsets(signalWith(t.random, times, t.lengthS, 1000, Pulse{widthS}, noise), "line");
}

SyncSeries screen(Trial& t, const Times& times, double framesPerS, double jitterS = 0, double lost = 0,
                  double flashS = 0.12) {
  return flashOnsets(screenWith(t.random, times, t.lengthS, framesPerS, flashS, jitterS, lost), "screen");
}

Times with(Times times, const Times& others) {
  times.insert(times.end(), others.begin(), others.end());
  std::sort(times.begin(), times.end());
  return times;
}

Times byChance(Trial& t, int count) {
  Times times;
  for (int n = 0; n < count; ++n) times.push_back(between(t.random, 1, t.lengthS - 1));
  return times;
}

TEST(DelayOfFlashes, isFoundToAQuarterFrame) {
  for (const double framesPerS : {12.5, 25.0, 30000 / 1001.0, 60.0}) {
    SCOPED_TRACE(framesPerS);
    expectMeasured(0.25 / framesPerS, [&](Trial& t) {
      return measureDelay(screen(t, t.delayed, framesPerS), line(t, t.times), kWithinS);
    });
  }
}

TEST(DelayOfFlashes, survivesJitterAndLostFrames) {
  expectMeasured(0.25 / 30, [](Trial& t) {
    return measureDelay(screen(t, t.delayed, 30, 0.003, 0.05), line(t, t.times), kWithinS);
  });
}

TEST(DelayOfFlashes, survivesMissingAndExtraEvents) {
  const auto measure = [](Trial& t) {
    const Times seen = with(someOf(t.random, t.delayed, 0.15), byChance(t, 5));
    const Times recorded = with(someOf(t.random, t.times, 0.15), byChance(t, 5));
    return measureDelay(screen(t, seen, 25), line(t, recorded), kWithinS);
  };
  expectMeasured(0.25 / 25, measure, 25);
}

TEST(DelayOfFlashes, inStepWithTheFramesSaysThatItIsOpenByAFrame) {
  for (int seed = kFirstSeed; seed < kFirstSeed + kSeeds; ++seed) {
    Trial t = trialOf(seed, 15, 2, 0);
    const auto found = measureDelay(screen(t, t.delayed, 25), line(t, t.times), kWithinS);
    ASSERT_TRUE(found.ok()) << found.error().sentence();
    EXPECT_LE(std::abs(found.value().events.delayS - t.delayS), found.value().events.uncertaintyS);
  }
}

TEST(DelayOfFlashes, inStepWithTheFramesIsFoundByTheirEnds) {
  // Two and a half frames long: what the onsets leave open the ends tell.
  expectMeasured(
      0.25 / 25 + 0.0005,
      [](Trial& t) {
        return measureDelay(screen(t, t.delayed, 25, 0, 0, 0.1), line(t, t.times, 0.01, 0.1), kWithinS);
      },
      15, 2, 0);
}

TEST(DelayOfSignals, isFoundToTwoMilliseconds) {
  for (const double noise : {0.01, 0.1, 0.2}) {
    SCOPED_TRACE(noise);
    expectMeasured(kSignalToleranceS, [&](Trial& t) {
      return measureDelay(line(t, t.delayed, noise), line(t, t.times), kWithinS);
    });
  }
}

TEST(DelayOfSignals, tapsOnTopOfPeriodicContractions) {
  for (const double widthS : {0.02, 0.05}) {
    SCOPED_TRACE(widthS);
    expectMeasured(kSignalToleranceS, [&](Trial& t) {
      const auto force = signalWith(t.random, t.delayed, t.lengthS, 1000, Pulse{widthS, 0, true}, 0.02, true);
      return measureDelay(signalOnsets(force, "force"), line(t, t.times), kWithinS);
    });
  }
}

TEST(DelayOfSignals, pulsesDownAndOfOtherWidth) {
  expectMeasured(kSignalToleranceS, [](Trial& t) {
    auto down = signalWith(t.random, t.delayed, t.lengthS, 1000, Pulse{0.3}, 0.02);
    for (double& value : down.value) value = 5 - 5 * value;
    return measureDelay(signalOnsets(down, "down"), line(t, t.times, 0.01, 0.005), kWithinS);
  });
}

TEST(DelayOfSignals, periodicDecoysInOneStream) {
  expectMeasured(kSignalToleranceS, [](Trial& t) {
    Times decoys;
    for (double s = 1.1; s < t.lengthS; s += 1) decoys.push_back(s);
    return measureDelay(line(t, with(t.delayed, decoys)), line(t, t.times), kWithinS);
  });
}

TEST(DelayOfSignals, farApartWhereAskedFor) {
  expectMeasured(
      kSignalToleranceS,
      [](Trial& t) {
        auto late = signalWith(t.random, t.delayed, t.lengthS, 1000, Pulse{}, 0.02);
        for (double& s : late.timeS) s += 123;
        t.delayS += 123;
        return measureDelay(signalOnsets(late, "late"), line(t, t.times), 600);
      },
      20, 1, 5);
}

TEST(DelayOfSignals, driftIsToldAndTheMiddleMeasured) {
  Trial t = trialOf(kFirstSeed, 40, 2, 6);
  const double middleS = 0.5 * (t.times.front() + t.times.back());
  for (double& s : t.delayed) s += 1e-4 * (s - t.delayS - middleS);
  const auto found = measureDelay(line(t, t.delayed), line(t, t.times), kWithinS);
  ASSERT_TRUE(found.ok()) << found.error().sentence();
  EXPECT_NEAR(found.value().driftPpm, 100, 5);
  EXPECT_NEAR(found.value().events.delayS, t.delayS, 0.001);
}

TEST(DelayOfTaps, inDopplerSoundAgainstForce) {
  for (const double blood : {0.0, 0.3}) {
    SCOPED_TRACE(blood);
    expectMeasured(
        kSignalToleranceS,
        [&](Trial& t) {
          const auto force = signalWith(t.random, t.times, t.lengthS, 1000, Pulse{0.04, 0, true}, 0.01, true);
          return measureDelay(
              soundOnsets(soundWith(t.random, t.delayed, t.lengthS, 0.7, blood, 0.03), "sound"),
              signalOnsets(force, "force"), kWithinS);
        },
        10);
  }
}

TEST(DelayRefused, periodicEventsCloserThanTheRange) {
  // From -0.5 to 0.5 s there are always two delays, or three, at which they meet.
  EXPECT_EQ(10, refused(
                    10, [](Trial& t) { return measureDelay(line(t, t.delayed), line(t, t.times), kWithinS); },
                    20, 0.4, 0));
}

TEST(DelayRefused, twoKindsOfEventsWithTwoDelays) {
  EXPECT_EQ(10, refused(10, [](Trial& t) {
              Times first;
              Times second;
              for (double s = 1.1; s < t.lengthS; s += 2.2) {
                first.push_back(s + t.delayS + 0.08);
                second.push_back(s);
              }
              return measureDelay(line(t, with(t.delayed, first)), line(t, with(t.times, second)), kWithinS);
            }));
}

TEST(DelayRefused, otherEvents) {
  EXPECT_EQ(10, refused(10, [](Trial& t) {
              return measureDelay(line(t, eventTimes(t.random, 15, 1, 1.5)), line(t, t.times), kWithinS);
            }));
}

TEST(DelayRefused, noiseAlone) {
  EXPECT_EQ(10,
            refused(10, [](Trial& t) { return measureDelay(line(t, {}, 0.1), line(t, t.times), kWithinS); }));
}

TEST(DelayRefused, saysWhatWasFound) {
  Trial t = trialOf(kFirstSeed, 15, 1, 1.5);
  const auto found = measureDelay(line(t, {}, 0.1), line(t, t.times), kWithinS);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(found.error().where, "line");
  EXPECT_FALSE(found.error().found.empty());
  EXPECT_FALSE(found.error().expected.empty());
}

TEST(DelayOfNothing, isRefused) {
  const SyncSeries none = signalOnsets({}, "none");
  EXPECT_FALSE(measureDelay(none, none, kWithinS).ok());
  EXPECT_TRUE(flashOnsets({}, "none").events.empty());
  EXPECT_TRUE(soundOnsets({0.00025, 0, {}}, "none").events.empty());
}

}  // namespace
}  // namespace soleus
