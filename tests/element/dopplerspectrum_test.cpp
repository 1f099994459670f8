// dopplerspectrum in a real pipeline and between pads of the test: values, stamps, gaps, wrong sound.
#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "tests/element/bench_element.h"
#include "tests/element/pads.h"
#include "tests/element/temporary_folder.h"

namespace soleus::testing {
namespace {

constexpr int kRateHz = 5000;
constexpr int kBlockSamples = 250;
constexpr GstClockTime kBlockNs = GST_SECOND * kBlockSamples / kRateHz;

std::string profile(const char* channels) {
  return std::string("schema: soleus.calibration/1\naudio: {channels: ") + channels +
         ", toward_heart: forward, transmit_frequency_hz: 4.4e6, angle_degrees: 60, wall_filter_hz: 60}\n";
}

/// I/Q of blood that all moves at -700 Hz (-24.5 cm/s), and noise at -40 dB.
Owned<GstBuffer> block(int number, GstClockTime pts) {
  std::vector<float> values;
  unsigned noise = 12345U + static_cast<unsigned>(number);
  const auto random = [&noise] {
    noise = noise * 1664525U + 1013904223U;
    return 0.002F * (static_cast<float>(noise >> 8) / 8388608.0F - 1.0F);
  };
  for (int n = number * kBlockSamples; n < (number + 1) * kBlockSamples; ++n) {
    const double turns = -700.0 * n / kRateHz;
    values.push_back(0.2F * static_cast<float>(std::cos(2 * std::numbers::pi * turns)) + random());
    values.push_back(0.2F * static_cast<float>(std::sin(2 * std::numbers::pi * turns)) + random());
  }
  Owned<GstBuffer> buffer(gst_buffer_new_memdup(values.data(), values.size() * sizeof(float)));
  GST_BUFFER_PTS(buffer.get()) = pts;
  GST_BUFFER_DURATION(buffer.get()) = kBlockNs;
  return buffer;
}

struct SoundBench {
  TemporaryFolder folder;
  BenchElement spectrum{"dopplerspectrum"};
  Feed feed{spectrum.get(), "sink"};
  Catch out{spectrum.get()};

  explicit SoundBench(const char* channels = "quadrature", int fedChannels = 2) {
    spectrum.set("calibration", folder.write("sound.calibration.yaml", profile(channels)));
    spectrum.play();
    feed.start("audio/x-raw, format=(string)F32LE, layout=(string)interleaved, rate=(int)" +
               std::to_string(kRateHz) + ", channels=(int)" + std::to_string(fedChannels));
  }
  ~SoundBench() { spectrum.stop(); }
  void push(int first, int count, GstClockTime startNs) {
    for (int n = 0; n < count; ++n)
      ASSERT_EQ(feed.push(block(first + n, startNs + static_cast<GstClockTime>(n) * kBlockNs)), GST_FLOW_OK);
  }
  std::vector<FrameResult> finish() {
    EXPECT_TRUE(feed.send(gst_event_new_eos()));
    EXPECT_TRUE(out.waitForEvent(GST_EVENT_EOS));
    return resultsIn(out.take());
  }
};

std::vector<DopplerColumn> columnsOf(const std::vector<FrameResult>& results) {
  std::vector<DopplerColumn> columns;
  for (const auto& result : results)
    columns.insert(columns.end(), result.columns.begin(), result.columns.end());
  return columns;
}

TEST(DopplerSpectrum, measuresVelocityAndTime) {
  SoundBench bench;
  bench.push(0, 40, 0);
  const auto results = bench.finish();
  EXPECT_EQ(results.size(), 41U) << "one for each block, and the end";
  EXPECT_TRUE(results.back().endOfStream);
  const auto columns = columnsOf(results);
  ASSERT_GT(columns.size(), 750U);
  EXPECT_NEAR(columns.front().time.seconds(), 0.005, 0.0002) << "the middle of the first window";
  EXPECT_NEAR(columns.back().time.seconds(), 1.995, 0.003);
  for (std::size_t n = 100; n < columns.size() - 100; ++n) ASSERT_NEAR(columns[n].meanCmPerS, -24.5, 0.5);
}

TEST(DopplerSpectrum, missingSamplesAreAGap) {
  SoundBench bench;
  bench.push(0, 10, 0);
  bench.push(10, 10, 10 * kBlockNs + 100 * GST_MSECOND);
  int gaps = 0;
  for (const auto& column : columnsOf(bench.finish())) {
    EXPECT_TRUE(column.time.seconds() < 0.5 || column.time.seconds() > 0.6);
    gaps += (column.quality & kGapBefore) != 0 ? 1 : 0;
  }
  EXPECT_EQ(gaps, 1);
}

TEST(DopplerSpectrum, beginsAnewAfterAFlush) {
  SoundBench bench;
  bench.push(0, 10, 0);
  EXPECT_TRUE(bench.feed.send(gst_event_new_flush_start()));
  EXPECT_TRUE(bench.feed.send(gst_event_new_flush_stop(TRUE)));
  bench.out.take();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  EXPECT_TRUE(bench.feed.send(gst_event_new_segment(&segment)));
  bench.push(0, 10, 0);
  const auto columns = columnsOf(bench.finish());
  ASSERT_FALSE(columns.empty());
  EXPECT_NEAR(columns.front().time.seconds(), 0.005, 0.0002);
}

TEST(DopplerSpectrum, refusesSoundThatTheProfileDoesNotFit) {
  SoundBench bench("quadrature", 1);
  EXPECT_EQ(bench.feed.push(block(0, 0)), GST_FLOW_ERROR);
  const auto errors = bench.spectrum.errors();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, ErrorKind::kBadInput);
  EXPECT_THAT(errors[0].what, ::testing::HasSubstr("1 channel"));
}

TEST(DopplerSpectrum, refusesSamplesThatAreNoNumbers) {
  SoundBench bench;
  auto broken = block(0, 0);
  GstMapInfo mapped;
  ASSERT_TRUE(gst_buffer_map(broken.get(), &mapped, GST_MAP_WRITE));
  reinterpret_cast<float*>(mapped.data)[7] = std::nanf("");
  gst_buffer_unmap(broken.get(), &mapped);
  EXPECT_EQ(bench.feed.push(std::move(broken)), GST_FLOW_ERROR);
  const auto errors = bench.spectrum.errors();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, ErrorKind::kBadInput);
}

}  // namespace
}  // namespace soleus::testing
