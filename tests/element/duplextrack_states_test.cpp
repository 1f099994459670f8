// Starting, stopping and seeking in whole pipelines, without a thread left over or stuck.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <mutex>

#include "pipeline/core/measurement_codec.h"
#include "tests/element/pipeline_run.h"
#include "tests/element/small_screen.h"
#include "tests/element/temporary_folder.h"
#include "tests/element/within.h"

namespace soleus::testing {
namespace {

std::string phantomTrack(const TemporaryFolder& folder, const std::string& rest) {
  return "duplexsrc name=src scenario=" + folder.write("small.yaml", smallScreen().scenarioYaml) +
         " ! duplextrack name=track ! " + rest;
}

std::ptrdiff_t threadsOfThisProcess() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                       std::filesystem::directory_iterator());
}

guint64 countOf(const PipelineRun& run, const char* counter) {
  guint64 value = 0;
  g_object_get(run.element("track").get(), counter, &value, nullptr);
  return value;
}

TEST(TrackStates, playingAndStoppingAgainAndAgainLeavesNoThreads) {
  const TemporaryFolder folder;
  within(std::chrono::seconds(60), [&] {
    PipelineRun run(phantomTrack(folder, "fakesink"));
    std::ptrdiff_t threadsAfterFirst = 0;
    for (int round = 0; round < 15; ++round) {
      run.setState(GST_STATE_PLAYING);
      g_usleep(static_cast<gulong>(round % 4) * 15'000);
      run.setState(GST_STATE_NULL);
      if (round == 4) threadsAfterFirst = threadsOfThisProcess();
    }
    // TBB keeps its workers and GLib its idle pool threads; what grows with the rounds would be ours.
    EXPECT_LE(threadsOfThisProcess(), threadsAfterFirst + 3);
    EXPECT_TRUE(run.playToEnd());
    EXPECT_EQ(countOf(run, "frames-measured"), 75U) << "the last time it runs whole";
  });
}

TEST(TrackStates, pausingAndPlayingOnLosesNothing) {
  const TemporaryFolder folder;
  within(std::chrono::seconds(60), [&] {
    PipelineRun run(phantomTrack(folder, "fakesink"));
    for (int round = 0; round < 5; ++round) {
      // Each change is waited for: GstBin forgets a wish for PLAYING that comes while it continues an earlier
      // one
      // ("state continue aborted due to intervening change").
      run.setState(GST_STATE_PLAYING);
      run.settled();
      g_usleep(2'000);
      run.setState(GST_STATE_PAUSED);
      run.settled();
    }
    EXPECT_TRUE(run.playToEnd());
    EXPECT_EQ(countOf(run, "frames-measured"), 75U);
  });
}

class TrackStop : public ::testing::TestWithParam<const char*> {};

TEST_P(TrackStop, doesNotHangOnABlockedDownstream) {
  const TemporaryFolder folder;
  within(std::chrono::seconds(20), [&] {
    PipelineRun run(phantomTrack(folder, GetParam()));
    run.setState(GST_STATE_PAUSED);
    run.settled();
    g_usleep(300'000);  // till every queue on the way is full
    EXPECT_LT(countOf(run, "frames-received"), 75U) << "the source is held back";
    run.setState(GST_STATE_NULL);
  });
}

INSTANTIATE_TEST_SUITE_P(Sinks, TrackStop,
                         ::testing::Values("fakesink", "queue max-size-buffers=1 ! fakesink",
                                           "identity ! fakesink sync=true"));

class TrackSeek : public ::testing::Test {
 protected:
  // Motion JPEG in Matroska, as a frame grabber records: every frame can be sought.
  void SetUp() override {
    PipelineRun make("duplexsrc scenario=" + folder_.write("small.yaml", smallScreen().scenarioYaml) +
                     " ! jpegenc quality=95 ! matroskamux ! filesink location=" + folder_.file("small.mkv"));
    ASSERT_TRUE(make.playToEnd());
    folder_.write("small.calibration.yaml", smallScreen().calibrationYaml);
  }
  TemporaryFolder folder_;
};

TEST_F(TrackSeek, measuresFromThereAnew) {
  within(std::chrono::seconds(60), [&] {
    PipelineRun run("filesrc location=" + folder_.file("small.mkv") +
                    " ! matroskademux ! jpegdec ! duplextrack name=track calibration=" +
                    folder_.file("small.calibration.yaml") + " ! fakesink");
    std::mutex mutex;
    std::vector<std::pair<GstClockTime, std::uint64_t>> results;  // PTS, sequence
    bool flushing = false;
    run.watch("track", "src", [&](GstPadProbeInfo* info) {
      const std::scoped_lock lock(mutex);
      if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
        EXPECT_FALSE(flushing);
        GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
        results.emplace_back(GST_BUFFER_PTS(buffer), GST_BUFFER_OFFSET(buffer));
        return;
      }
      const GstEventType type = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info));
      if (type == GST_EVENT_FLUSH_START) flushing = true;
      if (type == GST_EVENT_FLUSH_STOP) {
        flushing = false;
        results.clear();
      }
    });
    run.setState(GST_STATE_PAUSED);
    ASSERT_EQ(run.settled(), GST_STATE_CHANGE_SUCCESS);
    ASSERT_TRUE(gst_element_seek_simple(
        run.get(), GST_FORMAT_TIME, static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
        GST_SECOND));
    ASSERT_EQ(run.settled(), GST_STATE_CHANGE_SUCCESS);
    ASSERT_TRUE(run.playToEnd());
    // Frames 25 to 74, and the columns held back. After a flushing seek the running time begins at 0.
    ASSERT_EQ(results.size(), 51U);
    for (std::size_t i = 0; i < 50; ++i) {
      EXPECT_NEAR(static_cast<double>(results[i].first), static_cast<double>(i * SmallScreen::kFrameNs), 1e6)
          << "Matroska rounds stamps to a millisecond";
      EXPECT_EQ(results[i].second, i);
    }
    EXPECT_EQ(countOf(run, "frames-measured"), 50U);
  });
}

TEST_F(TrackSeek, decodebinFindsTheWay) {
  PipelineRun run("filesrc location=" + folder_.file("small.mkv") +
                  " ! decodebin ! duplextrack name=track calibration=" +
                  folder_.file("small.calibration.yaml") + " ! fakesink");
  ASSERT_TRUE(run.playToEnd());
  EXPECT_EQ(countOf(run, "frames-measured"), 75U);
}

}  // namespace
}  // namespace soleus::testing
