// What the graph computes depends on the frames alone: not on the threads, nor on how many are in flight.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <deque>

#include "pipeline/core/measurement_codec.h"
#include "tests/unit/graph_frames.h"

namespace soleus {
namespace {

using testing::record;
using testing::Recording;
using Bytes = std::vector<std::vector<std::uint8_t>>;

constexpr int kFrames = 150;

void pushAll(MeasurementGraph& graph, const Recording& recording) {
  for (const Frame& frame : recording.frames) graph.push(frame);
  graph.finish(recording.frames.size(), recording.frames.back().time);
}

Bytes measured(const Recording& recording, int threads, int framesInFlight) {
  Bytes bytes;
  MeasurementGraph graph(recording.profile, {threads, framesInFlight, {}},
                         [&](FrameResult&& result) { bytes.push_back(encodeResult(result)); });
  pushAll(graph, recording);
  EXPECT_FALSE(graph.failure().has_value());
  return bytes;
}

class GraphIdentityOfScreens : public ::testing::TestWithParam<const char*> {};

TEST_P(GraphIdentityOfScreens, threadsAndFramesInFlightChangeNoBit) {
  const Recording recording = record(GetParam(), kFrames);
  const Bytes reference = measured(recording, 1, 1);
  ASSERT_EQ(reference.size(), recording.frames.size() + 1) << "a result for each frame, and the end";
  for (const int threads : {1, 2, 8}) {
    for (const int framesInFlight : {1, 16}) {
      const Bytes other = measured(recording, threads, framesInFlight);
      ASSERT_EQ(other.size(), reference.size());
      for (std::size_t i = 0; i < other.size(); ++i) {
        ASSERT_EQ(other[i], reference[i])
            << "result " << i << " with " << threads << " threads, " << framesInFlight << " in flight";
      }
    }
  }
}

// Identical emptiness would pass the test above: nearly all of the 6 s must have been measured, with speed,
// vessel and flow.
TEST_P(GraphIdentityOfScreens, theComparedResultsAreNotEmpty) {
  const Recording recording = record(GetParam(), kFrames);
  std::size_t columns = 0;
  std::size_t flows = 0;
  std::size_t lumens = 0;
  float fastestCmPerS = 0;
  for (const auto& bytes : measured(recording, 2, 4)) {
    const auto result = decodeResult(bytes);
    ASSERT_TRUE(result.ok());
    columns += result.value().columns.size();
    for (const auto& column : result.value().columns) {
      fastestCmPerS = std::max(fastestCmPerS, column.peakForwardCmPerS);
      flows += std::isfinite(column.volumeFlowMlPerMin) ? 1 : 0;
    }
    for (const auto& sample : result.value().vessel) lumens += std::isfinite(sample.diameterMm) ? 1 : 0;
  }
  const double whole = kFrames / double{testing::kFrameRateHz} / testing::secondsPerColumn(GetParam());
  EXPECT_GT(columns, 0.7 * whole);
  EXPECT_LT(columns, 1.01 * whole);
  EXPECT_GT(fastestCmPerS, 45) << "the burst reaches 60 cm/s";
  EXPECT_GT(lumens, kFrames / 2);
  EXPECT_GT(flows, columns / 2);
}

TEST_P(GraphIdentityOfScreens, aFinishedGraphMeasuresTheSameAgain) {
  const Recording recording = record(GetParam(), 60);
  Bytes bytes;
  MeasurementGraph graph(recording.profile, {2, 4, {}},
                         [&](FrameResult&& result) { bytes.push_back(encodeResult(result)); });
  pushAll(graph, recording);
  const Bytes first = std::exchange(bytes, {});
  pushAll(graph, recording);
  EXPECT_EQ(bytes, first);
}

// Who watches a recording gets each column twice, and who keeps it the same as without.
TEST_P(GraphIdentityOfScreens, aFirstLookAtEachColumnChangesNoOther) {
  const Recording recording = record(GetParam(), kFrames);
  const Bytes reference = measured(recording, 1, 1);
  GraphOptions options;
  options.firstLook = true;
  std::vector<FrameResult> results;
  MeasurementGraph graph(recording.profile, options,
                         [&](FrameResult&& result) { results.push_back(std::move(result)); });
  pushAll(graph, recording);
  ASSERT_EQ(results.size(), reference.size());
  std::deque<DopplerColumn> due;  // seen and not yet measured
  std::size_t firm = 0;           // of those: the first, that come again as they are
  std::size_t firstLooks = 0;
  std::vector<double> behindS;
  std::vector<double> apartCmPerS;
  for (std::size_t i = 0; i < results.size(); ++i) {
    for (const DopplerColumn& column : results[i].columns) {
      if (due.empty()) continue;  // from before the display's kind was known
      if (firm > 0) {
        ASSERT_EQ(column.time.ns, due.front().time.ns);
        ASSERT_EQ(column.grey, due.front().grey);
        --firm;
      }
      const double apart = std::abs(column.peakForwardCmPerS - due.front().peakForwardCmPerS);
      if (std::isfinite(apart)) apartCmPerS.push_back(apart);
      due.pop_front();
    }
    ASSERT_LE(firm, results[i].aheadKept);
    ASSERT_LE(results[i].aheadKept, due.size());
    firm = results[i].aheadKept;
    const std::int64_t seenNs = due.empty() ? 0 : due.back().time.ns;
    due.resize(firm);
    for (const DopplerColumn& column : results[i].ahead) {
      ASSERT_TRUE(due.empty() || column.time > due.back().time);
      ASSERT_LE(column.time, results[i].frameTime);
      if (column.time.ns > seenNs) behindS.push_back((results[i].frameTime - column.time).seconds());
    }
    due.insert(due.end(), results[i].ahead.begin(), results[i].ahead.end());
    firstLooks += results[i].ahead.size();
    results[i].ahead.clear();
    results[i].aheadKept = 0;
    ASSERT_EQ(encodeResult(results[i]), reference[i]) << "result " << i;
  }
  EXPECT_TRUE(due.empty()) << "all that was seen has been measured";
  EXPECT_GT(firstLooks, 0.4 * kFrames / testing::kFrameRateHz / testing::secondsPerColumn(GetParam()));
  // A sweep's columns are read in the end 0.1 s late, and measured 0.125 s later; seen within half a frame
  // and two columns of 14 ms.
  std::ranges::sort(behindS);
  EXPECT_LT(behindS[behindS.size() / 2], GetParam() == std::string("scroll") ? 0.08 : 0.05);
  std::ranges::sort(apartCmPerS);
  EXPECT_LT(apartCmPerS[apartCmPerS.size() / 2], 1.0);
  EXPECT_GT(apartCmPerS.back(), 0.0) << "a first look that is the measurement would not need a second";
}

/// A tone that falls from 40 cm/s with a swinging wall, in blocks of 20 ms at 5 kHz.
Bytes measuredSignal(int threads, int framesInFlight) {
  CalibrationProfile profile;
  profile.audio.emplace();
  profile.audio->transmitFrequencyHz = 4.4e6;
  profile.audio->wallFilterHz = 60;
  const SignalSetup setup{5000};
  Bytes bytes;
  MeasurementGraph graph(signalProfile(profile, setup), {threads, framesInFlight, {}, setup},
                         [&](FrameResult&& result) { bytes.push_back(encodeResult(result)); });
  constexpr int kBlocks = 100;
  constexpr int kSamples = 100;
  for (int block = 0; block < kBlocks; ++block) {
    Frame frame{static_cast<std::uint64_t>(block), {block * 20'000'000LL}, {}, {}};
    for (int n = block * kSamples; n < (block + 1) * kSamples; ++n) {
      const auto t = static_cast<float>(n / 5000.0);
      frame.samples.values.push_back(std::polar(0.02F, 7000.0F * t - 1500.0F * t * t) +
                                     std::polar(0.5F, 30.0F * std::sin(2.0F * t)));
    }
    graph.push(std::move(frame));
  }
  graph.finish(kBlocks, {kBlocks * 20'000'000LL});
  EXPECT_FALSE(graph.failure().has_value());
  return bytes;
}

TEST(GraphIdentity, samplesAreMeasuredTheSameByAnyNumberOfThreads) {
  const Bytes reference = measuredSignal(1, 1);
  std::size_t columns = 0;
  for (const auto& each : reference) columns += decodeResult(each).value().columns.size();
  EXPECT_GT(columns, 750U) << "2 s, a column each 2.4 or 2.6 ms";
  for (const int threads : {2, 8}) EXPECT_EQ(measuredSignal(threads, 16), reference);
}

INSTANTIATE_TEST_SUITE_P(Displays, GraphIdentityOfScreens, ::testing::Values("scroll", "sweep"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace soleus
