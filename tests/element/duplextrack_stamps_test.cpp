// The time of a measurement is the running time of its frame, whatever the segment.
#include <gtest/gtest.h>

#include "tests/element/track_bench.h"

namespace soleus::testing {
namespace {

constexpr GstClockTime kFrame = SmallScreen::kFrameNs;

/// PTS of the buffers that belong to frames, each checked against the result inside.
std::vector<GstClockTime> stampsOf(const std::vector<Given>& given) {
  std::vector<GstClockTime> stamps;
  for (const Given& each : given) {
    if (!each.buffer) continue;
    GstMapInfo map;
    EXPECT_TRUE(gst_buffer_map(each.buffer.get(), &map, GST_MAP_READ));
    gst_buffer_unmap(each.buffer.get(), &map);
    stamps.push_back(GST_BUFFER_PTS(each.buffer.get()));
  }
  const auto results = resultsIn(given);
  for (std::size_t i = 0; i < results.size(); ++i)
    EXPECT_EQ(results[i].frameTime.ns, static_cast<std::int64_t>(stamps[i]));
  return stamps;
}

std::vector<GstClockTime> frameTimes(int count, GstClockTime from) {
  std::vector<GstClockTime> times;
  for (int n = 0; n < count; ++n) times.push_back(from + static_cast<GstClockTime>(n) * kFrame);
  times.push_back(times.back());  // the columns held back till the end
  return times;
}

struct SegmentCase {
  const char* name;
  GstClockTime start;
  GstClockTime base;
  GstClockTime offset;
  GstClockTime firstPts;
  GstClockTime runningTime;  ///< PTS - start - offset + base, as GStreamer defines it
};

class TrackStamps : public ::testing::TestWithParam<SegmentCase> {};

TEST_P(TrackStamps, areTheRunningTimeOfTheFrame) {
  const SegmentCase& c = GetParam();
  TrackBench bench;
  bench.start();
  ASSERT_TRUE(bench.feed.send(segmentEvent(c.start, c.base, GST_CLOCK_TIME_NONE, c.offset)));
  bench.pushFrames(0, 10, c.firstPts);
  EXPECT_EQ(stampsOf(bench.finish()), frameTimes(10, c.runningTime));
}

INSTANTIATE_TEST_SUITE_P(Segments, TrackStamps,
                         ::testing::Values(SegmentCase{"from0", 0, 0, 0, 0, 0},
                                           SegmentCase{"from0late", 0, 0, 0, 123456789, 123456789},
                                           SegmentCase{"from5s", 5 * GST_SECOND, 0, 0, 5 * GST_SECOND, 0},
                                           SegmentCase{"withBase", 5 * GST_SECOND, 2 * GST_SECOND, 0,
                                                       5 * GST_SECOND, 2 * GST_SECOND},
                                           SegmentCase{"withOffset", 5 * GST_SECOND, 2 * GST_SECOND,
                                                       GST_SECOND, 7 * GST_SECOND, 3 * GST_SECOND}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(TrackSegment, framesOutsideAreNotMeasured) {
  TrackBench bench;
  bench.start();
  // Frames at 0, 40, ... 760 ms; [200 ms, 600 ms] holds those from number 5 to 15 (a frame that begins at the
  // stop time is still inside for gst_segment_to_running_time).
  ASSERT_TRUE(bench.feed.send(segmentEvent(5 * kFrame, 0, 15 * kFrame)));
  bench.pushFrames(0, 20);
  EXPECT_EQ(stampsOf(bench.finish()), frameTimes(11, 0));
  EXPECT_EQ(bench.track.count("frames-received"), 11U);
  EXPECT_EQ(bench.track.count("frames-measured"), 11U);
  EXPECT_EQ(bench.track.count("frames-dropped"), 0U);
}

TEST(TrackSegment, theSourcePadHasOneOfItsOwnFrom0) {
  TrackBench bench;
  bench.start();
  ASSERT_TRUE(bench.feed.send(segmentEvent(5 * GST_SECOND, GST_SECOND)));
  bench.pushFrames(0, 3, 5 * GST_SECOND);
  int segments = 0;
  for (const Given& each : bench.finish()) {
    if (!each.is(GST_EVENT_SEGMENT)) continue;
    const GstSegment* segment = nullptr;
    gst_event_parse_segment(each.event.get(), &segment);
    EXPECT_EQ(segment->format, GST_FORMAT_TIME);
    EXPECT_EQ(segment->start, 0U);
    EXPECT_EQ(segment->base, 0U);
    ++segments;
  }
  EXPECT_EQ(segments, 1);
}

TEST(TrackStampsThatDoNotAdvance, areDroppedCountedAndPosted) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 5);              // 0 to 160 ms
  bench.pushFrames(5, 1, 4 * kFrame);  // once more 160 ms
  bench.pushFrames(6, 1, 1 * kFrame);  // back
  bench.pushFrames(7, 3, 5 * kFrame);  // on
  const auto given = bench.finish();
  EXPECT_EQ(stampsOf(given), frameTimes(8, 0));
  EXPECT_EQ(bench.track.count("frames-received"), 10U);
  EXPECT_EQ(bench.track.count("frames-measured"), 8U);
  EXPECT_EQ(bench.track.count("frames-dropped"), 2U);
  EXPECT_EQ(bench.track.messages(GST_MESSAGE_QOS), 2);
  const auto results = resultsIn(given);
  EXPECT_EQ(results[4].sequence, 4U);
  EXPECT_EQ(results[5].sequence, 7U) << "the numbers of the dropped frames stay free";
  EXPECT_EQ(results.back().sequence, 10U);
}

TEST(TrackStampsThatAreMissing, areAnError) {
  TrackBench bench;
  bench.start();
  EXPECT_EQ(bench.feed.push(frameBuffer(0, GST_CLOCK_TIME_NONE)), GST_FLOW_ERROR);
  const auto errors = bench.track.errors();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, ErrorKind::kBadInput);
  EXPECT_EQ(errors[0].sentence(),
            "video: a frame without a time stamp (found frame 0; expected a time stamp on every frame)");
}

TEST(TrackStampsMissingPts, theDtsServes) {
  TrackBench bench;
  bench.start();
  auto buffer = frameBuffer(0, GST_CLOCK_TIME_NONE);
  GST_BUFFER_DTS(buffer.get()) = 3 * kFrame;
  ASSERT_EQ(bench.feed.push(std::move(buffer)), GST_FLOW_OK);
  EXPECT_EQ(stampsOf(bench.finish()), frameTimes(1, 3 * kFrame));
}

}  // namespace
}  // namespace soleus::testing
