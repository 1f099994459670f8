// What happens when frames come faster than they are measured.
#include <gtest/gtest.h>

#include "tests/element/track_bench.h"

namespace soleus::testing {
namespace {

constexpr guint64 kFrames = 150;

/// One frame at a time on one thread, fed as fast as possible.
void overrun(TrackBench& bench, const char* policy) {
  bench.track.set("threads", "1");
  bench.track.set("frames-in-flight", "1");
  bench.track.set("overload", policy);
  bench.start();
  bench.pushFrames(0, kFrames);
}

TEST(TrackOverload, dropCountsAndPostsEachFrame) {
  TrackBench bench;
  overrun(bench, "drop");
  const auto results = resultsIn(bench.finish());
  const guint64 dropped = bench.track.count("frames-dropped");
  const guint64 measured = bench.track.count("frames-measured");
  EXPECT_GT(dropped, 0U) << "copying a frame is far quicker than measuring it";
  EXPECT_GT(measured, 0U);
  EXPECT_EQ(bench.track.count("frames-received"), kFrames);
  EXPECT_EQ(measured + dropped, kFrames);
  EXPECT_EQ(bench.track.messages(GST_MESSAGE_QOS), static_cast<int>(dropped));
  ASSERT_EQ(results.size(), measured + 1);
  for (std::size_t i = 1; i < results.size(); ++i) EXPECT_GT(results[i].sequence, results[i - 1].sequence);
  for (std::size_t i = 0; i + 1 < results.size(); ++i) {
    EXPECT_EQ(static_cast<guint64>(results[i].frameTime.ns), results[i].sequence * SmallScreen::kFrameNs)
        << "a result keeps the time of its own frame";
  }
  EXPECT_EQ(results.back().sequence, kFrames);
}

TEST(TrackOverload, theMessageTellsWhichFrameAndHowManySoFar) {
  TrackBench bench;
  guint64 lastDropped = 0;
  bool wellFormed = true;
  bench.track.onMessage([&](GstMessage* message) {
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_QOS) return;
    guint64 running = 0;
    guint64 stamp = 0;
    gst_message_parse_qos(message, nullptr, &running, nullptr, &stamp, nullptr);
    GstFormat format = GST_FORMAT_UNDEFINED;
    guint64 processed = 0;
    guint64 dropped = 0;
    gst_message_parse_qos_stats(message, &format, &processed, &dropped);
    wellFormed = wellFormed && format == GST_FORMAT_BUFFERS && dropped == lastDropped + 1 &&
                 stamp % SmallScreen::kFrameNs == 0 && running == stamp;
    lastDropped = dropped;
  });
  overrun(bench, "drop");
  bench.finish();
  EXPECT_TRUE(wellFormed);
  EXPECT_EQ(lastDropped, bench.track.count("frames-dropped"));
}

TEST(TrackOverload, blockLosesNothing) {
  TrackBench bench;
  overrun(bench, "block");
  EXPECT_EQ(resultsIn(bench.finish()).size(), kFrames + 1);
  EXPECT_EQ(bench.track.count("frames-measured"), kFrames);
  EXPECT_EQ(bench.track.count("frames-dropped"), 0U);
  EXPECT_EQ(bench.track.messages(GST_MESSAGE_QOS), 0);
}

TEST(TrackCounters, stayReadableAfterAStopAndBeginAnewWithAStart) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 7);
  bench.finish();
  bench.track.stop();
  EXPECT_EQ(bench.track.count("frames-measured"), 7U);
  bench.start();
  bench.pushFrames(0, 2);
  bench.finish();
  EXPECT_EQ(bench.track.count("frames-measured"), 2U);
}

}  // namespace
}  // namespace soleus::testing
