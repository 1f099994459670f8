#include <gtest/gtest.h>

#include "pipeline/doppler/brief_noise.h"
#include "pipeline/doppler/measure_columns.h"
#include "tests/unit/measure_synthetic.h"

namespace soleus {
namespace {

constexpr double kStepS = 0.004;

DirectionAxis axis() {
  return directionAxis(testing::calibrationOf({}));
}

/// Reversed flow in all columns, with signal toward the heart as well in [begin, end).
std::vector<ColumnEnvelope> refluxWith(std::size_t begin, std::size_t end) {
  std::vector<ColumnEnvelope> envelopes(100);
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    envelopes[i].reverse = true;
    envelopes[i].reverseCmPerS = -20;
    envelopes[i].forward = i >= begin && i < end;
    envelopes[i].forwardCmPerS = envelopes[i].forward ? 35 : 0;
    envelopes[i].forwardRange = {150, envelopes[i].forward ? 200 : 150};
  }
  return envelopes;
}

std::size_t forwardColumns(std::vector<ColumnEnvelope> envelopes) {
  takeBackBriefNoise(envelopes, kStepS, axis());
  std::size_t count = 0;
  for (const ColumnEnvelope& e : envelopes) {
    EXPECT_EQ(e.forward, e.forwardCmPerS > 0);
    EXPECT_EQ(e.forward, e.forwardRange.end > e.forwardRange.begin);
    count += e.forward ? 1 : 0;
  }
  return count;
}

TEST(BriefNoise, BesideAFlowIsTakenBack) {
  for (const std::size_t columns : {1, 2, 11}) EXPECT_EQ(forwardColumns(refluxWith(50, 50 + columns)), 0U);
}

TEST(BriefNoise, IsNoneThatLasts) {
  EXPECT_EQ(forwardColumns(refluxWith(50, 62)), 12U);  // up to 52 ms
  EXPECT_EQ(forwardColumns(refluxWith(50, 90)), 40U);
}

// Weak flow has columns without a signal.
TEST(BriefNoise, IsNoneThatComesAgainAtOnce) {
  auto flickers = refluxWith(20, 80);
  const auto dark = refluxWith(0, 0);
  for (std::size_t i = 25; i < 80; i += 6) flickers[i] = dark[i];
  EXPECT_GT(forwardColumns(flickers), 40U);
  auto twice = refluxWith(20, 23);
  const auto later = refluxWith(40, 43);  // 68 ms later
  std::copy(later.begin() + 40, later.begin() + 43, twice.begin() + 40);
  EXPECT_EQ(forwardColumns(twice), 0U);
}

TEST(BriefNoise, IsNotKnownAtTheEndsOrWhereTheAxisWraps) {
  EXPECT_EQ(forwardColumns(refluxWith(0, 2)), 2U);
  EXPECT_EQ(forwardColumns(refluxWith(98, 100)), 2U);
  auto wrapped = refluxWith(50, 52);
  wrapped[51].aliased = true;
  EXPECT_EQ(forwardColumns(wrapped), 2U);
}

TEST(BriefNoise, IsNoTurnOfTheFlow) {
  auto turning = refluxWith(50, 53);
  for (std::size_t i = 51; i < turning.size(); ++i) turning[i].reverse = false;
  EXPECT_EQ(forwardColumns(turning), 3U);
}

// The whole way from grey to velocity: in one of these the noise stands out for three columns.
TEST(BriefNoise, DrawsNoPeakAmidReflux) {
  testing::SyntheticStrip strip;
  strip.snrDb = -3;
  strip.vmCmPerS = [](double) { return -12.0; };
  for (strip.seed = 1036; strip.seed < 1042; ++strip.seed) {
    std::size_t reverse = 0;
    for (const auto& block : testing::blocksOf(testing::renderStrip(strip), strip.secondsPerColumn)) {
      for (const auto& column : measureColumns(block, testing::calibrationOf(strip), {})) {
        EXPECT_FALSE(column.peakForwardCmPerS > 0) << strip.seed << ": " << column.time.seconds() << " s";
        reverse += column.peakReverseCmPerS < 0 ? 1 : 0;
      }
    }
    EXPECT_GT(reverse, 200U) << strip.seed;
  }
}

}  // namespace
}  // namespace soleus
