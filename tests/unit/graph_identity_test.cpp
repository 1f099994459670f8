// What the graph computes depends on the frames alone: not on the threads, nor on how many are in flight.
#include <gtest/gtest.h>

#include <set>

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

class GraphIdentity : public ::testing::TestWithParam<const char*> {};

TEST_P(GraphIdentity, threadsAndFramesInFlightChangeNoBit) {
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
TEST_P(GraphIdentity, theComparedResultsAreNotEmpty) {
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

TEST_P(GraphIdentity, aFinishedGraphMeasuresTheSameAgain) {
  const Recording recording = record(GetParam(), 60);
  Bytes bytes;
  MeasurementGraph graph(recording.profile, {2, 4, {}},
                         [&](FrameResult&& result) { bytes.push_back(encodeResult(result)); });
  pushAll(graph, recording);
  const Bytes first = std::exchange(bytes, {});
  pushAll(graph, recording);
  EXPECT_EQ(bytes, first);
}

INSTANTIATE_TEST_SUITE_P(Displays, GraphIdentity, ::testing::Values("scroll", "sweep"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace soleus
