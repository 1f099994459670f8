// Doppler sound of a card whose clock drifts against the stamps of its blocks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "pipeline/doppler/signal_unroller.h"

namespace soleus {
namespace {

constexpr double kRateHz = 2000;
constexpr int kBlock = 40;  // 20 ms
constexpr double kStartS = 7;

AudioCalibration audio() {
  AudioCalibration a;
  a.channels = AudioCalibration::Channels::kQuadrature;
  a.transmitFrequencyHz = 4.4e6;
  return a;
}

struct Heard {
  std::vector<double> timeS;
  std::vector<std::size_t> gaps;  // columns that say that a gap is before them
  std::vector<Event> events;
};

/// A card that samples `ppm` too slowly, with stamps off by up to `jitterS`. From block `jumpsAt` on, stamps
/// and the truth are `jumpBlocks` blocks later: that many were lost.
struct Card {
  double ppm = 0;
  double jitterS = 0;
  double durationS = 300;
  int jumpsAt = 1 << 20;
  double jumpBlocks = 0;

  [[nodiscard]] double sampleS() const { return (1 + 1e-6 * ppm) / kRateHz; }
  [[nodiscard]] double trueS(double sample) const {
    return kStartS + (sample + (sample < jumpsAt * kBlock ? 0 : jumpBlocks * kBlock)) * sampleS();
  }
  [[nodiscard]] Heard heard() const {
    SignalUnroller unroller(audio(), {kRateHz});
    std::mt19937 random(3);
    std::uniform_real_distribution<double> offS(-jitterS, jitterS);
    Heard all;
    const auto take = [&](Unrolled&& out) {
      for (const StripBlock& block : out.blocks) {
        for (std::size_t i = 0; i < block.time.size(); ++i) {
          if ((block.quality[i] & kGapBefore) != 0) all.gaps.push_back(all.timeS.size());
          all.timeS.push_back(block.time[i].seconds());
        }
      }
      for (Event& event : out.events) all.events.push_back(std::move(event));
    };
    SampleBlock block;
    block.values.assign(kBlock, {0.01F, 0});
    for (int n = 0; n * kBlock < durationS * kRateHz; ++n)
      take(unroller.push(block, SessionTime::fromSeconds(trueS(n * kBlock) + offS(random))));
    take(unroller.flush());
    return all;
  }
};

/// The largest error of columns [first, last), of which the first has its window's first sample at `sample`.
double worstS(const Card& card, const Heard& heard, double sample, std::size_t first, std::size_t last) {
  const SignalWindow window = signalWindow(audio(), {kRateHz});
  double worst = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double middle = sample + window.samples / 2 + static_cast<double>(i - first) * window.hopSamples;
    // Windows that lie in one segment: the truth of their first sample goes on to the middle.
    const double trueS = card.trueS(sample) + (middle - sample) * card.sampleS();
    worst = std::max(worst, std::abs(heard.timeS[i] - trueS));
  }
  return worst;
}

TEST(Drift, isFollowedAndNoGap) {
  for (const double ppm : {-100.0, 100.0}) {
    SCOPED_TRACE(ppm);
    const Card card{ppm, 0.003};
    const Heard heard = card.heard();
    EXPECT_TRUE(heard.events.empty()) << heard.events.front().label;
    EXPECT_TRUE(heard.gaps.empty());
    EXPECT_NEAR(static_cast<double>(heard.timeS.size()), 300 / 0.0025, 10);
    const double worst = worstS(card, heard, 0, 0, heard.timeS.size());
    RecordProperty("worst_ms", std::to_string(1000 * worst));
    EXPECT_LT(worst, 0.002);
  }
}

TEST(Drift, jitterDoesNotMoveColumns) {
  const Heard heard = Card{100, 0.003, 60}.heard();
  for (std::size_t i = 1; i < heard.timeS.size(); ++i)
    ASSERT_NEAR(heard.timeS[i] - heard.timeS[i - 1], 0.0025, 0.0001) << "at " << heard.timeS[i] << " s";
}

TEST(Drift, lostSoundIsAGapAllTheSame) {
  constexpr int kAt = 10000;  // after 200 s, when 20 ms of drift have been followed
  for (const double ppm : {-100.0, 100.0}) {
    SCOPED_TRACE(ppm);
    const Card card{ppm, 0.003, 300, kAt, 2.5};
    const Heard heard = card.heard();
    ASSERT_EQ(heard.events.size(), 1U);
    EXPECT_EQ(heard.events[0].kind, EventKind::kGap);
    EXPECT_NEAR(heard.events[0].time.seconds(), card.trueS(kAt * kBlock - 1), 0.002);
    EXPECT_NE(heard.events[0].label.find("Samples of 0.05"), std::string::npos) << heard.events[0].label;
    ASSERT_EQ(heard.gaps.size(), 1U);
    EXPECT_LT(worstS(card, heard, 0, 0, heard.gaps[0]), 0.002);
    EXPECT_LT(worstS(card, heard, kAt * kBlock, heard.gaps[0], heard.timeS.size()), 0.002);
  }
}

TEST(Drift, stampsThatStepBackAreAGapToo) {
  constexpr int kAt = 500;
  const Card card{0, 0, 20, kAt, -0.75};
  const Heard heard = card.heard();
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events[0].kind, EventKind::kGap);
  EXPECT_NE(heard.events[0].label.find("step back by 0.0150 s"), std::string::npos) << heard.events[0].label;
  ASSERT_EQ(heard.gaps.size(), 1U);
  EXPECT_LT(worstS(card, heard, 0, 0, heard.gaps[0]), 1e-6);
  // 15 ms of sound belong to a time that has been measured.
  EXPECT_LT(worstS(card, heard, kAt * kBlock + 0.015 * kRateHz, heard.gaps[0], heard.timeS.size()), 0.0006);
}

}  // namespace
}  // namespace soleus
