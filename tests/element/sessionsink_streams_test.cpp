// What sessionsink writes for each pad, and its balance of losses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/element/pipeline_run.h"
#include "tests/element/sink_bench.h"
#include "tests/element/within.h"

namespace soleus::testing {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kFrame = SmallScreen::kFrameNs;

std::string screen(const TemporaryFolder& folder) {
  return "scenario=" + folder.write("small.yaml", smallScreen().scenarioYaml);
}

/// Video and measurement to a file that must be sound.
TEST(SinkStreams, videoAndMeasurementOfOneSource) {
  SinkBench bench;
  PipelineRun run("duplexsrc " + screen(bench.folder) +
                  " ! tee name=t ! duplextrack ! sessionsink name=s title=\"A title\" subject=P07 limb=left "
                  "condition=standing location=" +
                  bench.path + " t. ! s.video");
  ASSERT_TRUE(run.playToEnd());
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->textAttribute("/", "status"), "complete");
  EXPECT_EQ(file->textAttribute("/", "title"), "A title");
  EXPECT_EQ(file->textAttribute("/", "subject"), "P07");
  EXPECT_EQ(file->textAttribute("/", "limb"), "left");
  EXPECT_EQ(file->textAttribute("/", "condition"), "standing");
  EXPECT_EQ(file->textAttribute("/", "calibration"), smallScreen().calibrationYaml);
  for (const char* stream : {"video", "measurement"}) {
    const StreamBalance balance = balanceOf(*file, stream);
    EXPECT_EQ(balance.received, 75) << stream;
    EXPECT_EQ(balance.written, 75) << stream;
    EXPECT_EQ(balance.overload, 0) << stream;
    EXPECT_EQ(balance.source, 0) << stream;
    EXPECT_THAT(balance.gapCounts, IsEmpty()) << stream;
    const auto times = file->column(std::string("/streams/") + stream + "/session_time_ns");
    ASSERT_TRUE(times.ok());
    ASSERT_EQ(times.value().size(), 75U);
    for (std::size_t i = 0; i < 75; ++i)
      EXPECT_EQ(times.value()[i], static_cast<double>(i) * static_cast<double>(kFrame));
  }
  const auto columns = file->column("/doppler/time");
  ASSERT_TRUE(columns.ok());
  EXPECT_GT(columns.value().size(), 600U);
  const auto lumens = file->column("/vessel/time");
  ASSERT_TRUE(lumens.ok());
  EXPECT_EQ(lumens.value().size(), 75U);
}

TEST(SinkStreams, videoOnly) {
  SinkBench bench;
  PipelineRun run("duplexsrc num-buffers=20 " + screen(bench.folder) +
                  " ! sessionsink location=" + bench.path);
  ASSERT_TRUE(run.playToEnd());
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(balanceOf(*file, "video").written, 20);
  EXPECT_EQ(file->textAttribute("/", "calibration"), smallScreen().calibrationYaml);
  EXPECT_FALSE(file->has("/streams/measurement"));
  EXPECT_FALSE(file->has("/doppler")) << "a part that the source cannot give is absent";
}

/// A cue has no delay of its own, the frames of its moment have the video's.
TEST(SinkStreams, aCueLiesWhereItWasGivenOnTheSessionClock) {
  constexpr std::int64_t kFirst = 3'000'000'000;
  SinkBench bench;
  bench.sink.set("protocol", "heel_raise");
  g_object_set(bench.sink.get(), "video-delay", 0.2, nullptr);
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  for (std::uint64_t n = 0; n < 10; ++n)
    ASSERT_EQ(feed.push(resultBuffer(resultOfFrame(n, kFirst + static_cast<std::int64_t>(n) * kFrame))),
              GST_FLOW_OK);
  g_signal_emit_by_name(bench.sink.get(), "add-cue", static_cast<guint64>(kFirst + 500'000'000), "heel up");
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_EOS));
  // What comes after the end belongs to no session.
  g_signal_emit_by_name(bench.sink.get(), "add-cue", static_cast<guint64>(kFirst + 900'000'000), "late");
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->textAttribute("/", "protocol"), "heel_raise");
  EXPECT_THAT(file->column("/events/time").value(), ElementsAre(DoubleEq(0.7)));
  EXPECT_THAT(file->column("/events/kind").value(), ElementsAre(static_cast<double>(EventKind::kCue)));
  EXPECT_THAT(file->texts("/events/label").value(), ElementsAre("heel up"));
}

TEST(SinkStreams, measurementOnly) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  for (std::uint64_t n = 0; n < 10; ++n)
    ASSERT_EQ(feed.push(resultBuffer(resultOfFrame(n, static_cast<std::int64_t>(n) * kFrame))), GST_FLOW_OK);
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_EOS));
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(balanceOf(*file, "measurement").written, 10);
  EXPECT_FALSE(file->has("/streams/video"));
  EXPECT_EQ(file->column("/doppler/time").value().size(), 10U * kColumnsPerFrame);
}

TEST(SinkStreams, theSessionClockBeginsWithTheFirstSample) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  constexpr std::int64_t kLate = 5'000'000'000;
  for (std::uint64_t n = 0; n < 3; ++n)
    ASSERT_EQ(feed.push(resultBuffer(resultOfFrame(n, kLate + static_cast<std::int64_t>(n) * kFrame))),
              GST_FLOW_OK);
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_THAT(file->column("/streams/measurement/session_time_ns").value(),
              ElementsAre(0, static_cast<double>(kFrame), static_cast<double>(2 * kFrame)));
  EXPECT_EQ(file->column("/streams/measurement/device_time_ns").value()[0], static_cast<double>(kLate));
  EXPECT_EQ(file->column("/doppler/time").value()[0], 0.0);
}

TEST(SinkLoss, framesThatTheTrackerDroppedLeaveAGap) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  for (const std::uint64_t n : {0, 1, 5, 6})
    ASSERT_EQ(feed.push(resultBuffer(resultOfFrame(n, static_cast<std::int64_t>(n) * kFrame))), GST_FLOW_OK);
  FrameResult end;  // two more were dropped at the end
  end.sequence = 9;
  end.frameTime = {8 * kFrame};
  end.endOfStream = true;
  ASSERT_EQ(feed.push(resultBuffer(end)), GST_FLOW_OK);
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  const StreamBalance balance = balanceOf(*file, "measurement");
  EXPECT_EQ(balance.received, 9);
  EXPECT_EQ(balance.written, 4);
  EXPECT_EQ(balance.overload, 5);
  EXPECT_THAT(balance.gapCounts, ElementsAre(3, 2));
  EXPECT_THAT(balance.gapCauses, ElementsAre("overload", "overload"));
  EXPECT_THAT(file->column("/streams/measurement/gaps/start_s").value(),
              ElementsAre(DoubleEq(0.04), DoubleEq(0.24)));
  EXPECT_THAT(file->column("/streams/measurement/gaps/end_s").value(),
              ElementsAre(DoubleEq(0.2), DoubleEq(0.32)));
}

TEST(SinkLoss, holesInTheSourcesOwnNumbersAreItsLoss) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "video");
  bench.sink.play();
  feed.start(screenCaps());
  for (const int n : {100, 101, 105, 106}) {
    auto frame = frameBuffer(n, static_cast<GstClockTime>((n - 100) * kFrame));
    GST_BUFFER_OFFSET(frame.get()) = static_cast<guint64>(n);
    ASSERT_EQ(feed.push(std::move(frame)), GST_FLOW_OK);
  }
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  const StreamBalance balance = balanceOf(*file, "video");
  EXPECT_EQ(balance.received, 7) << "what came before the first frame seen was never ours";
  EXPECT_EQ(balance.written, 4);
  EXPECT_EQ(balance.source, 3);
  EXPECT_THAT(balance.gapCounts, ElementsAre(3));
  EXPECT_THAT(balance.gapCauses, ElementsAre("source"));
}

TEST(SinkLoss, overloadAndStandingStampsAreToldApart) {
  SinkBench bench;
  BenchElement track("duplextrack");
  track.set("calibration", bench.folder.write("c.yaml", smallScreen().calibrationYaml));
  Feed feed(track.get(), "sink");
  {
    const Owned<GstPad> source(gst_element_get_static_pad(track.get(), "src"));
    const Owned<GstPad> target(gst_element_request_pad_simple(bench.sink.get(), "measurement"));
    ASSERT_EQ(gst_pad_link(source.get(), target.get()), GST_PAD_LINK_OK);
  }
  bench.sink.play();
  track.play();
  feed.start(screenCaps());
  for (const int n : {0, 1, 2, 2, 1, 3, 4, 4})
    ASSERT_EQ(feed.push(frameBuffer(n, static_cast<GstClockTime>(n * kFrame))), GST_FLOW_OK);
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_EOS));
  track.stop();
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  const StreamBalance balance = balanceOf(*file, "measurement");
  EXPECT_EQ(balance.received, 8);
  EXPECT_EQ(balance.written, 5);
  EXPECT_EQ(balance.stamp, 3);
  EXPECT_EQ(balance.overload, 0);
  EXPECT_THAT(balance.gapCounts, ElementsAre(2, 1));
  EXPECT_THAT(balance.gapCauses, ElementsAre("stamp", "stamp"));
}

TEST(SinkLoss, anOverloadedTrackerBalances) {
  SinkBench bench;
  PipelineRun run(
      "duplexsrc " + screen(bench.folder) +
      " ! duplextrack name=track threads=1 frames-in-flight=1 overload=drop ! sessionsink location=" +
      bench.path);
  ASSERT_TRUE(run.playToEnd());
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  const StreamBalance balance = balanceOf(*file, "measurement");
  guint64 dropped = 0;
  g_object_get(run.element("track").get(), "frames-dropped", &dropped, nullptr);
  EXPECT_EQ(balance.received, 75);
  EXPECT_EQ(balance.overload, static_cast<double>(dropped));
  EXPECT_EQ(balance.written + balance.overload, 75);
}

}  // namespace
}  // namespace soleus::testing
