// Events keep their place among the results; a flush leaves nothing of the old stream behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "plugins/common/stream_formats.h"
#include "tests/element/track_bench.h"
#include "tests/element/within.h"

namespace soleus::testing {
namespace {

constexpr GstClockTime kFrame = SmallScreen::kFrameNs;

GstEvent* titleTag(const char* title) {
  return gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, title, nullptr));
}

/// One letter for each thing given: stream-start, caps, segment, tag, buffer, gap, flush, EOS.
std::string order(const std::vector<Given>& given) {
  std::string letters;
  for (const Given& each : given) {
    if (each.buffer) letters += 'b';
    if (each.is(GST_EVENT_STREAM_START)) letters += 's';
    if (each.is(GST_EVENT_CAPS)) letters += 'c';
    if (each.is(GST_EVENT_SEGMENT)) letters += 'g';
    if (each.is(GST_EVENT_TAG)) letters += 't';
    if (each.is(GST_EVENT_GAP)) letters += '_';
    if (each.is(GST_EVENT_FLUSH_START)) letters += '<';
    if (each.is(GST_EVENT_FLUSH_STOP)) letters += '>';
    if (each.is(GST_EVENT_EOS)) letters += 'E';
  }
  return letters;
}

/// A frame of the small screen with its blue taken down in proportion to the grey, as a sepia map does.
Owned<GstBuffer> inSepia(GstBuffer* frame) {
  constexpr int kSize = SmallScreen::kSizePx;
  Owned<GstBuffer> sepia(gst_buffer_copy_deep(frame));
  GstMapInfo map;
  EXPECT_TRUE(gst_buffer_map(sepia.get(), &map, GST_MAP_READWRITE));
  std::uint8_t* blue = map.data + kSize * kSize;
  for (int y = 0; y < kSize / 2; ++y) {
    for (int x = 0; x < kSize / 2; ++x)
      blue[y * kSize / 2 + x] = static_cast<std::uint8_t>(128 - (map.data[2 * y * kSize + 2 * x] - 16) / 8);
  }
  gst_buffer_unmap(sepia.get(), &map);
  return sepia;
}

TEST(TrackEvents, keepTheirOrder) {
  TrackBench bench;
  bench.start();
  ASSERT_TRUE(bench.feed.send(titleTag("before")));
  bench.pushFrames(0, 4);
  ASSERT_TRUE(bench.feed.send(titleTag("between")));
  bench.pushFrames(4, 2, 4 * kFrame);
  ASSERT_TRUE(bench.feed.send(gst_event_new_gap(6 * kFrame, kFrame)));
  bench.pushFrames(7, 1, 7 * kFrame);
  EXPECT_EQ(order(bench.finish()), "scgtbbbbtbb_bbE");
}

TEST(TrackEvents, theCapsCarryTheCalibrationInForce) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 1);
  for (const Given& each : bench.finish()) {
    if (!each.is(GST_EVENT_CAPS)) continue;
    GstCaps* caps = nullptr;
    gst_event_parse_caps(each.event.get(), &caps);
    EXPECT_EQ(calibrationOfCaps(caps), smallScreen().calibrationYaml);
    return;
  }
  FAIL() << "no caps";
}

TEST(TrackEvents, sayOnceThatTheMapIsTinted) {
  for (const bool tinted : {false, true}) {
    TrackBench bench;
    bench.start();
    for (int n = 0; n < 10; ++n) {
      auto frame = frameBuffer(n, static_cast<GstClockTime>(n) * kFrame);
      if (tinted) frame = inSepia(frame.get());
      ASSERT_EQ(bench.feed.push(std::move(frame)), GST_FLOW_OK);
    }
    int said = 0;
    for (const FrameResult& result : resultsIn(bench.finish())) {
      said +=
          static_cast<int>(std::count_if(result.events.begin(), result.events.end(), [](const Event& event) {
            return event.kind == EventKind::kNote && event.label.find("tinted") != std::string::npos;
          }));
    }
    EXPECT_EQ(said, tinted ? 1 : 0);
  }
}

TEST(TrackEnd, deliversTheColumnsHeldBackBeforeTheEos) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, SmallScreen::kFrames);
  const auto given = bench.finish();
  const auto results = resultsIn(given);
  ASSERT_EQ(results.size(), 76U);
  EXPECT_TRUE(results.back().endOfStream);
  EXPECT_FALSE(results.back().columns.empty());
  EXPECT_EQ(order(given).substr(76), "bbbE");
  // Three seconds at 250 columns a second; what was on the screen at first is not new.
  std::size_t columns = 0;
  for (const auto& result : results) columns += result.columns.size();
  EXPECT_GT(columns, 600U);
  EXPECT_LE(columns, 750U);
}

TEST(TrackEnd, withoutAnyFramePasses) {
  TrackBench bench;
  bench.start();
  ASSERT_TRUE(bench.feed.send(titleTag("lonely")));
  EXPECT_EQ(order(bench.finish()), "stE");
  EXPECT_TRUE(bench.track.errors().empty());
}

TEST(TrackFlush, leavesNothingOfTheOldStreamAndMeasuresAnew) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 30);
  ASSERT_TRUE(bench.feed.send(gst_event_new_flush_start()));
  ASSERT_TRUE(bench.feed.send(gst_event_new_flush_stop(TRUE)));
  bench.out.take();
  ASSERT_TRUE(bench.feed.send(segmentEvent(GST_SECOND)));
  bench.pushFrames(25, 50, GST_SECOND);
  const auto given = bench.finish();
  EXPECT_EQ(order(given), "cg" + std::string(51, 'b') + "E");
  const auto afterFlush = resultsIn(given);
  ASSERT_EQ(afterFlush.size(), 51U);
  EXPECT_EQ(afterFlush.front().sequence, 0U);
  EXPECT_EQ(afterFlush.front().frameTime.ns, 0);
  EXPECT_EQ(bench.track.count("frames-received"), 50U);
  EXPECT_EQ(bench.track.count("frames-measured"), 50U);

  // The same frames through a new element give the same columns: nothing of the old strip was remembered.
  TrackBench fresh;
  fresh.start();
  ASSERT_TRUE(fresh.feed.send(segmentEvent(GST_SECOND)));
  fresh.pushFrames(25, 50, GST_SECOND);
  const auto expected = resultsIn(fresh.finish());
  ASSERT_EQ(expected.size(), afterFlush.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(expected[i].columns.size(), afterFlush[i].columns.size()) << "result " << i;
    for (std::size_t c = 0; c < expected[i].columns.size(); ++c) {
      EXPECT_EQ(expected[i].columns[c].time, afterFlush[i].columns[c].time);
      EXPECT_EQ(expected[i].columns[c].grey, afterFlush[i].columns[c].grey);
    }
  }
}

TEST(TrackFlush, refusesBuffersUntilItIsOver) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 3);
  ASSERT_TRUE(bench.feed.send(gst_event_new_flush_start()));
  EXPECT_EQ(bench.feed.push(frameBuffer(3, 3 * kFrame)), GST_FLOW_FLUSHING);
  ASSERT_TRUE(bench.feed.send(gst_event_new_flush_stop(TRUE)));
  bench.out.take();
  ASSERT_TRUE(bench.feed.send(segmentEvent(0)));
  bench.pushFrames(0, 3);
  EXPECT_EQ(resultsIn(bench.finish()).size(), 4U) << "three and the end";
}

TEST(TrackFlush, manyInARowDoNotHang) {
  within(std::chrono::seconds(30), [] {
    TrackBench bench;
    bench.start();
    for (int round = 0; round < 20; ++round) {
      bench.pushFrames(0, round % 5);
      ASSERT_TRUE(bench.feed.send(gst_event_new_flush_start()));
      ASSERT_TRUE(bench.feed.send(gst_event_new_flush_stop(TRUE)));
      ASSERT_TRUE(bench.feed.send(segmentEvent(0)));
    }
    bench.out.take();
    bench.pushFrames(0, 5);
    EXPECT_EQ(resultsIn(bench.finish()).size(), 6U);
  });
}

TEST(TrackQos, doesNotTravelUpstream) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 2);
  ASSERT_TRUE(bench.out.sendUpstream(gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 0.1, 10 * GST_SECOND, 0)));
  ASSERT_TRUE(bench.out.sendUpstream(
      gst_event_new_navigation(gst_structure_new_empty("application/x-gst-navigation"))));
  EXPECT_EQ(bench.feed.upstreamEvents(GST_EVENT_NAVIGATION), 1) << "other events do";
  EXPECT_EQ(bench.feed.upstreamEvents(GST_EVENT_QOS), 0);
}

TEST(TrackDownstreamEos, endsTheInputAndStillPassesTheEos) {
  TrackBench bench;
  bench.start();
  bench.out.answer(GST_FLOW_EOS);
  GstFlowReturn flow = GST_FLOW_OK;
  for (int n = 0; n < 1000 && flow == GST_FLOW_OK; ++n)
    flow = bench.feed.push(frameBuffer(n, static_cast<GstClockTime>(n) * kFrame));
  EXPECT_EQ(flow, GST_FLOW_EOS);
  EXPECT_TRUE(bench.feed.send(gst_event_new_eos()));
  EXPECT_TRUE(bench.out.waitForEvent(GST_EVENT_EOS));
  EXPECT_TRUE(bench.track.errors().empty());
}

// A source that has sent all it had hears of a failure no more: the element must tell the bus.
TEST(TrackDownstreamFailure, afterTheLastFrameIsPosted) {
  TrackBench bench;
  bench.start();
  bench.out.answer(GST_FLOW_NOT_LINKED);
  ASSERT_EQ(bench.feed.push(frameBuffer(0, 0)), GST_FLOW_OK);
  bench.feed.send(gst_event_new_eos());
  EXPECT_TRUE(bench.track.waitForMessage(GST_MESSAGE_ERROR));
}

}  // namespace
}  // namespace soleus::testing
