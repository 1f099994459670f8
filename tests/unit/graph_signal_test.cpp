// The phantom's I/Q through the whole graph, against the truth.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "pipeline/graph/measurement_graph.h"
#include "tests/unit/phantom_scenarios.h"

namespace soleus {
namespace {

using testing::Sketch;

constexpr int kBlockSamples = 1000;

std::vector<DopplerColumn> measured(Phantom& phantom, const SignalSetup& setup) {
  GraphOptions options;
  options.signal = setup;
  std::vector<DopplerColumn> columns;
  MeasurementGraph graph(signalProfile(phantom.profile(), setup), options, [&](FrameResult&& result) {
    for (auto& column : result.columns) columns.push_back(std::move(column));
  });
  std::uint64_t blocks = 0;
  for (std::int64_t first = 0; first < phantom.sampleCount(); first += kBlockSamples) {
    const auto count = std::min<std::int64_t>(kBlockSamples, phantom.sampleCount() - first);
    Frame frame{
        blocks++, SessionTime::fromSeconds(static_cast<double>(first) / phantom.sampleRateHz()), {}, {}};
    frame.samples.values = phantom.signal(first, static_cast<int>(count));
    graph.push(std::move(frame));
  }
  graph.finish(blocks, SessionTime::fromSeconds(phantom.durationS()));
  EXPECT_FALSE(graph.failure().has_value());
  return columns;
}

/// Mean of the peak velocity over the mean of the truth, less 1, where the true one is beyond `leastCmPerS`.
double biasOfFast(const Phantom& phantom, const std::vector<DopplerColumn>& columns, double leastCmPerS) {
  double sum = 0;
  double truth = 0;
  int missing = 0;
  int count = 0;
  for (const DopplerColumn& column : columns) {
    const float real = phantom.truthAt(column.time).peakCmPerS;
    if (real < leastCmPerS) continue;
    ++count;
    if (std::isnan(column.peakCmPerS)) {
      ++missing;
      continue;
    }
    sum += column.peakCmPerS;
    truth += real;
  }
  EXPECT_GT(count, 50);
  EXPECT_LT(missing, 0.02 * count);
  return sum / truth - 1;
}

TEST(Signal, flowBeyondNyquistIsUnwrapped) {
  Sketch sketch;
  sketch.clutterDb = 50;
  const double nyquist = nyquistCmPerS(sketch.scenario().scanner);
  sketch.contractions =
      "first_s: 1.5, interval_s: 3, count: 1, duration_s: 0.8, peak_cm_s: " + std::to_string(1.4 * nyquist) +
      ", peak_spread_percent: 0, pause_s: 0.5, refill_time_constant_s: 1, area_narrowing_percent: 0";
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto phantom = sketch.phantom(seed);
    const auto columns = measured(*phantom, {static_cast<double>(phantom->sampleRateHz())});
    const double bias = biasOfFast(*phantom, columns, 1.2 * nyquist);
    RecordProperty("bias_percent_seed_" + std::to_string(seed), std::to_string(100 * bias));
    EXPECT_NEAR(bias, 0, 0.02) << "seed " << seed;
  }
}

TEST(Signal, anyWindowFindsTheEdge) {
  Sketch sketch;
  sketch.clutterDb = 50;
  sketch.contractions = testing::kOneBurst;
  for (const double windowMs : {7.0, 10.0, 20.0}) {
    const auto phantom = sketch.phantom();
    const auto columns = measured(*phantom, {static_cast<double>(phantom->sampleRateHz()), windowMs});
    EXPECT_NEAR(biasOfFast(*phantom, columns, 40), 0, 0.02) << windowMs << " ms";
  }
}

TEST(Signal, phantomsSoundStaysBelowFullScaleAndRepeats) {
  Sketch sketch;
  sketch.clutterDb = 50;
  sketch.contractions = testing::kOneBurst;
  const auto phantom = sketch.phantom();
  const auto whole = phantom->signal(0, static_cast<int>(phantom->sampleCount()));
  float highest = 0;
  for (const auto value : whole)
    highest = std::max({highest, std::abs(value.real()), std::abs(value.imag())});
  EXPECT_LT(highest, 0.99F);
  EXPECT_GT(highest, 0.3F);
  const auto part = phantom->signal(5000, 300);
  for (std::size_t i = 0; i < part.size(); ++i) EXPECT_EQ(part[i], whole[5000 + i]) << i;
}

}  // namespace
}  // namespace soleus
