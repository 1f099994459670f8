// The phantom as a source: reproducible, on time, and with its calibration.
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>

#include "plugins/common/stream_formats.h"
#include "tests/element/pipeline_run.h"
#include "tests/element/small_screen.h"
#include "tests/element/temporary_folder.h"
#include "tests/element/within.h"

namespace soleus::testing {
namespace {

struct Frame {
  std::string bytes;
  GstClockTime pts = 0;
  GstClockTime duration = 0;
  guint64 offset = 0;
};

class DuplexSrc : public ::testing::Test {
 protected:
  /// What a source with these properties gives.
  std::vector<Frame> framesOf(const std::string& properties) {
    std::vector<Frame> frames;
    PipelineRun run(line(properties));
    run.watch("src", "src", [&](GstPadProbeInfo* info) {
      if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) == 0) return;
      GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
      GstMapInfo map;
      EXPECT_TRUE(gst_buffer_map(buffer, &map, GST_MAP_READ));
      frames.push_back({{reinterpret_cast<const char*>(map.data), map.size},
                        GST_BUFFER_PTS(buffer),
                        GST_BUFFER_DURATION(buffer),
                        GST_BUFFER_OFFSET(buffer)});
      gst_buffer_unmap(buffer, &map);
    });
    EXPECT_TRUE(run.playToEnd());
    return frames;
  }
  std::string line(const std::string& properties) const {
    return "duplexsrc name=src scenario=" + scenario_ + " " + properties + " ! fakesink sync=false";
  }

  TemporaryFolder folder_;
  std::string scenario_ = folder_.write("small.yaml", smallScreen().scenarioYaml);
};

TEST_F(DuplexSrc, theSameSeedGivesTheSameBytes) {
  const auto first = framesOf("seed=5 num-buffers=6");
  const auto again = framesOf("seed=5 num-buffers=6");
  const auto other = framesOf("seed=6 num-buffers=6");
  ASSERT_EQ(first.size(), 6U);
  ASSERT_EQ(again.size(), 6U);
  ASSERT_EQ(other.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(first[i].bytes == again[i].bytes) << "frame " << i;
    EXPECT_FALSE(first[i].bytes == other[i].bytes) << "frame " << i;
  }
}

TEST_F(DuplexSrc, givesThePhantomsPicture) {
  const auto frames = framesOf("seed=3 num-buffers=3");
  ASSERT_EQ(frames.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const cv::Mat& truth = smallScreen().frames[i];
    EXPECT_TRUE(frames[i].bytes == std::string(reinterpret_cast<const char*>(truth.data), truth.total()));
  }
}

TEST_F(DuplexSrc, stampsAndNumbersEveryFrameToTheEndOfTheScenario) {
  const auto frames = framesOf("");
  ASSERT_EQ(frames.size(), static_cast<std::size_t>(SmallScreen::kFrames));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].pts, i * SmallScreen::kFrameNs);
    EXPECT_EQ(frames[i].duration, SmallScreen::kFrameNs);
    EXPECT_EQ(frames[i].offset, i);
  }
}

TEST_F(DuplexSrc, numBuffersEndsItEarlier) {
  EXPECT_EQ(framesOf("num-buffers=4").size(), 4U);
}

TEST_F(DuplexSrc, liveKeepsTheFrameRate) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(framesOf("is-live=true num-buffers=26").size(), 26U);
  const double tookS = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_GE(tookS, 0.95) << "the 26th frame of 25 a second leaves at 1.0 s";
}

TEST_F(DuplexSrc, theCalibrationComesBeforeTheFirstFrame) {
  PipelineRun run(line("num-buffers=2"));
  std::optional<std::string> calibration;
  bool atFirstFrame = false;
  int frames = 0;
  run.watch("src", "src", [&](GstPadProbeInfo* info) {
    if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
      if (frames++ == 0) atFirstFrame = calibration.has_value();
    } else if (auto yaml = calibrationOfEvent(GST_PAD_PROBE_INFO_EVENT(info))) {
      EXPECT_FALSE(calibration.has_value()) << "once";
      calibration = std::move(yaml);
    }
  });
  ASSERT_TRUE(run.playToEnd());
  EXPECT_TRUE(atFirstFrame);
  EXPECT_EQ(calibration, smallScreen().calibrationYaml);
}

TEST_F(DuplexSrc, aMissingScenarioIsOneClearError) {
  const std::string missing = folder_.file("missing.yaml");
  PipelineRun run("duplexsrc scenario=" + missing + " ! fakesink");
  EXPECT_FALSE(run.playToEnd());
  ASSERT_EQ(run.errors().size(), 1U);
  EXPECT_EQ(run.errors()[0].kind, ErrorKind::kBadInput);
  EXPECT_NE(run.errors()[0].sentence().find(missing), std::string::npos) << run.errors()[0].sentence();
}

TEST_F(DuplexSrc, noScenarioIsAnErrorThatNamesTheProperty) {
  PipelineRun run("duplexsrc ! fakesink");
  EXPECT_FALSE(run.playToEnd());
  ASSERT_EQ(run.errors().size(), 1U);
  EXPECT_NE(run.errors()[0].sentence().find("scenario"), std::string::npos) << run.errors()[0].sentence();
}

TEST_F(DuplexSrc, stopsAtOnceThoughLive) {
  within(std::chrono::seconds(10), [&] {
    PipelineRun run(line("is-live=true"));
    run.setState(GST_STATE_PLAYING);
    g_usleep(100'000);
    run.setState(GST_STATE_NULL);
  });
}

}  // namespace
}  // namespace soleus::testing
