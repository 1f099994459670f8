// How a session file begins and ends: only whole, or named as what it is.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/element/pipeline_run.h"
#include "tests/element/sink_bench.h"
#include "tests/element/within.h"

namespace soleus::testing {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kFrame = SmallScreen::kFrameNs;

GstFlowReturn pushResults(Feed& feed, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t n = first; n < first + count; ++n) {
    const auto flow = feed.push(resultBuffer(resultOfFrame(n, static_cast<std::int64_t>(n) * kFrame)));
    if (flow != GST_FLOW_OK) return flow;
  }
  return GST_FLOW_OK;
}

/// The one error of the sink.
Error onlyError(const SinkBench& bench) {
  const auto errors = bench.sink.errors();
  EXPECT_EQ(errors.size(), 1U) << "an error is reported once";
  return errors.empty() ? Error{} : errors[0];
}

TEST(SinkEnd, theMessageFollowsTheClosedFile) {
  SinkBench bench;
  std::string statusAtEos = "no end of stream";
  bench.sink.onMessage([&](GstMessage* message) {
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_EOS) return;
    const auto file = SessionReader::open(bench.path);
    statusAtEos = file.ok() ? file.value()->textAttribute("/", "status") : file.error().sentence();
  });
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_EQ(pushResults(feed, 0, 5), GST_FLOW_OK);
  EXPECT_EQ(bench.sink.messages(GST_MESSAGE_EOS), 0);
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_EOS));
  EXPECT_EQ(statusAtEos, "complete");
}

TEST(SinkEnd, comesWhenTheLastPadHasEnded) {
  SinkBench bench;
  Feed video(bench.sink.get(), "video");
  Feed measurement(bench.sink.get(), "measurement");
  bench.sink.play();
  video.start(screenCaps());
  measurement.start(measurementCaps());
  ASSERT_EQ(video.push(frameBuffer(0, 0)), GST_FLOW_OK);
  ASSERT_TRUE(video.send(gst_event_new_eos()));
  EXPECT_EQ(bench.sink.messages(GST_MESSAGE_EOS), 0);
  ASSERT_EQ(pushResults(measurement, 0, 3), GST_FLOW_OK);
  ASSERT_TRUE(measurement.send(gst_event_new_eos()));
  EXPECT_EQ(bench.sink.messages(GST_MESSAGE_EOS), 1);
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(balanceOf(*file, "video").written, 1);
  EXPECT_EQ(balanceOf(*file, "measurement").written, 3);
}

TEST(SinkEnd, ofAStreamOverBeforePlayingIsStillTold) {
  within(std::chrono::seconds(20), [] {
    SinkBench bench;
    PipelineRun run(
        "duplexsrc num-buffers=1 scenario=" + bench.folder.write("small.yaml", smallScreen().scenarioYaml) +
        " ! duplextrack ! sessionsink location=" + bench.path);
    run.setState(GST_STATE_PAUSED);
    run.settled();
    g_usleep(300'000);
    EXPECT_TRUE(run.playToEnd(10 * GST_SECOND));
    const auto file = bench.soundFile();
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->textAttribute("/", "status"), "complete");
    EXPECT_EQ(balanceOf(*file, "measurement").written, 1);
  });
}

TEST(SinkStart, pausedIsReachedWithTheFirstBuffer) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  EXPECT_EQ(gst_element_set_state(bench.sink.get(), GST_STATE_PAUSED), GST_STATE_CHANGE_ASYNC);
  EXPECT_EQ(bench.sink.messages(GST_MESSAGE_ASYNC_START), 1);
  feed.start(measurementCaps());
  EXPECT_EQ(gst_element_get_state(bench.sink.get(), nullptr, nullptr, 0), GST_STATE_CHANGE_ASYNC);
  ASSERT_EQ(pushResults(feed, 0, 1), GST_FLOW_OK);
  GstState reached = GST_STATE_NULL;
  EXPECT_EQ(gst_element_get_state(bench.sink.get(), &reached, nullptr, 0), GST_STATE_CHANGE_SUCCESS);
  EXPECT_EQ(reached, GST_STATE_PAUSED);
  EXPECT_EQ(bench.sink.messages(GST_MESSAGE_ASYNC_DONE), 1);
  // Asked for meanwhile, PLAYING is reached at once.
  SinkBench hasty;
  Feed late(hasty.sink.get(), "measurement");
  EXPECT_EQ(gst_element_set_state(hasty.sink.get(), GST_STATE_PLAYING), GST_STATE_CHANGE_ASYNC);
  late.start(measurementCaps());
  ASSERT_EQ(pushResults(late, 0, 1), GST_FLOW_OK);
  EXPECT_EQ(gst_element_get_state(hasty.sink.get(), &reached, nullptr, 0), GST_STATE_CHANGE_SUCCESS);
  EXPECT_EQ(reached, GST_STATE_PLAYING);
}

// gst-launch-1.0 and many programs play as soon as they hear that the pipeline is PAUSED. That must not race
// with the thread that said so, or the bin forgets the end of the stream.
TEST(SinkEnd, comesToAProgramThatPlaysOnceItHearsOfPaused) {
  within(std::chrono::seconds(60), [] {
    SinkBench bench;
    PipelineRun make(
        "duplexsrc num-buffers=10 scenario=" + bench.folder.write("small.yaml", smallScreen().scenarioYaml) +
        " ! jpegenc ! matroskamux ! filesink location=" + bench.folder.file("small.mkv"));
    ASSERT_TRUE(make.playToEnd());
    const std::string profile = bench.folder.write("small.calibration.yaml", smallScreen().calibrationYaml);
    for (int round = 0; round < 10; ++round) {
      PipelineRun run("filesrc location=" + bench.folder.file("small.mkv") +
                      " ! decodebin ! duplextrack calibration=" + profile +
                      " ! sessionsink overwrite=true location=" + bench.path);
      EXPECT_EQ(run.setState(GST_STATE_PAUSED), GST_STATE_CHANGE_ASYNC);
      const Owned<GstBus> bus(gst_element_get_bus(run.get()));
      bool paused = false;
      while (!paused) {
        const Owned<GstMessage> message(
            gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND, GST_MESSAGE_STATE_CHANGED));
        ASSERT_NE(message, nullptr);
        GstState now = GST_STATE_NULL;
        gst_message_parse_state_changed(message.get(), nullptr, &now, nullptr);
        paused = GST_MESSAGE_SRC(message.get()) == GST_OBJECT(run.get()) && now == GST_STATE_PAUSED;
      }
      ASSERT_TRUE(run.playToEnd(5 * GST_SECOND)) << "round " << round;
    }
    EXPECT_NE(bench.soundFile(), nullptr);
  });
}

TEST(SinkEnd, withoutAnySampleIsAnErrorNotASilentNothing) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  feed.send(gst_event_new_eos());
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_ERROR));
  EXPECT_EQ(onlyError(bench).kind, ErrorKind::kBadInput);
  EXPECT_FALSE(fs::exists(bench.path));
}

// The tracker never had a frame, but the video pad did: what came is kept.
TEST(SinkEnd, aPadThatNeverStartedTakesNothingFromTheOther) {
  SinkBench bench;
  Feed video(bench.sink.get(), "video");
  Feed measurement(bench.sink.get(), "measurement");
  bench.sink.play();
  video.start(screenCaps());
  measurement.send(gst_event_new_stream_start("silent"));
  for (int n = 0; n < 4; ++n)
    ASSERT_EQ(video.push(frameBuffer(n, static_cast<GstClockTime>(n * kFrame))), GST_FLOW_OK);
  ASSERT_TRUE(video.send(gst_event_new_eos()));
  measurement.send(gst_event_new_eos());
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_EOS));
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(balanceOf(*file, "video").written, 4);
}

TEST(SinkInterrupted, aStopInMidStreamLeavesAReadableFile) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_EQ(pushResults(feed, 0, 25), GST_FLOW_OK);
  bench.sink.stop();
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->textAttribute("/", "status"), "interrupted");
  EXPECT_EQ(balanceOf(*file, "measurement").received, 25);
  EXPECT_EQ(file->column("/doppler/time").value().size(), 25U * kColumnsPerFrame);
  EXPECT_EQ(bench.sink.messages(GST_MESSAGE_EOS), 0);
}

TEST(SinkInterrupted, theProgramMaySaySoBeforeTheEnd) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_EQ(pushResults(feed, 0, 5), GST_FLOW_OK);
  bench.sink.set("interrupted", "true");
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_EOS));
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->textAttribute("/", "status"), "interrupted");
}

TEST(SinkInterrupted, anErrorInTheMiddleKeepsWhatCameBefore) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_EQ(pushResults(feed, 0, 8), GST_FLOW_OK);
  EXPECT_EQ(feed.push(Owned<GstBuffer>(gst_buffer_new_memdup("rubbish", 7))), GST_FLOW_ERROR);
  EXPECT_EQ(pushResults(feed, 8, 1), GST_FLOW_ERROR);
  EXPECT_EQ(onlyError(bench).kind, ErrorKind::kBadInput);
  feed.send(gst_event_new_eos());  // as a source does that was told of the error
  EXPECT_EQ(bench.sink.messages(GST_MESSAGE_EOS), 0);
  bench.sink.stop();
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->textAttribute("/", "status"), "interrupted");
  EXPECT_EQ(balanceOf(*file, "measurement").written, 8);
}

TEST(SinkInterrupted, resultsOutOfOrderAreAnErrorNotALoss) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_EQ(pushResults(feed, 0, 8), GST_FLOW_OK);
  ASSERT_EQ(pushResults(feed, 3, 1), GST_FLOW_OK);  // seen by the thread that writes
  ASSERT_TRUE(bench.sink.waitForMessage(GST_MESSAGE_ERROR));
  EXPECT_EQ(pushResults(feed, 8, 1), GST_FLOW_ERROR);
  EXPECT_EQ(onlyError(bench).kind, ErrorKind::kBadInput);
  bench.sink.stop();
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->textAttribute("/", "status"), "interrupted");
  EXPECT_EQ(balanceOf(*file, "measurement").received, 8);
}

// A recording has one clock that only goes on: a seek cannot be kept in it.
TEST(SinkInterrupted, aFlushInMidRecordingIsAnError) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_EQ(pushResults(feed, 0, 8), GST_FLOW_OK);
  ASSERT_TRUE(feed.send(gst_event_new_flush_start()));
  ASSERT_TRUE(feed.send(gst_event_new_flush_stop(TRUE)));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  feed.send(gst_event_new_segment(&segment));
  EXPECT_EQ(pushResults(feed, 0, 2), GST_FLOW_ERROR);
  EXPECT_EQ(onlyError(bench).kind, ErrorKind::kBadInput);
  bench.sink.stop();
  const auto file = bench.soundFile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->textAttribute("/", "status"), "interrupted");
  EXPECT_EQ(balanceOf(*file, "measurement").received, 8);
}

TEST(SinkStart, aFlushBeforeTheFirstSampleIsHarmless) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_TRUE(feed.send(gst_event_new_flush_start()));
  ASSERT_TRUE(feed.send(gst_event_new_flush_stop(TRUE)));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  feed.send(gst_event_new_segment(&segment));
  ASSERT_EQ(pushResults(feed, 0, 2), GST_FLOW_OK);
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  ASSERT_NE(bench.soundFile(), nullptr);
}

TEST(SinkStart, anUnwritableLocationIsAStorageError) {
  SinkBench bench;
  const std::string path = bench.folder.file("no such folder/session.h5");
  bench.sink.set("location", path);
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  EXPECT_EQ(pushResults(feed, 0, 1), GST_FLOW_ERROR);
  EXPECT_EQ(pushResults(feed, 1, 1), GST_FLOW_ERROR);
  const Error error = onlyError(bench);
  EXPECT_EQ(error.kind, ErrorKind::kStorage);
  EXPECT_NE(error.sentence().find(path), std::string::npos) << error.sentence();
  EXPECT_FALSE(fs::exists(path));
}

TEST(SinkStart, withoutALocationIsAnError) {
  SinkBench bench;
  bench.sink.set("location", "");
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  EXPECT_EQ(pushResults(feed, 0, 1), GST_FLOW_ERROR);
  EXPECT_NE(onlyError(bench).sentence().find("location"), std::string::npos);
}

TEST(SinkStart, aFileThatExistsIsLeftAlone) {
  SinkBench bench;
  bench.folder.write("session.h5", "somebody's thesis");
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  EXPECT_EQ(pushResults(feed, 0, 1), GST_FLOW_ERROR);
  EXPECT_EQ(onlyError(bench).kind, ErrorKind::kBadInput);
  bench.sink.stop();
  EXPECT_EQ(readText(bench.path), "somebody's thesis");
}

TEST(SinkStart, overwriteReplacesIt) {
  SinkBench bench;
  bench.folder.write("session.h5", "somebody's thesis");
  bench.sink.set("overwrite", "true");
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  ASSERT_EQ(pushResults(feed, 0, 1), GST_FLOW_OK);
  ASSERT_TRUE(feed.send(gst_event_new_eos()));
  EXPECT_NE(bench.soundFile(), nullptr);
}

TEST(SinkStart, nothingIsMadeBeforeTheFirstSample) {
  SinkBench bench;
  Feed feed(bench.sink.get(), "measurement");
  bench.sink.play();
  feed.start(measurementCaps());
  EXPECT_FALSE(fs::exists(bench.path));
  bench.sink.stop();
  EXPECT_FALSE(fs::exists(bench.path));
}

}  // namespace
}  // namespace soleus::testing
