// How a run of the program's pipeline ends: sources that stop, that lie about their length, and time limits.
#include "tools/soleus/pipeline_run.h"

#include <gtest/gtest.h>

#include "tools/soleus/gst_pointers.h"

namespace soleus::testing {
namespace {

/// Runs a launch line whose element "timed" is passed by every frame.
Result<RunEnd> runLine(const std::string& line, const RunOptions& options) {
  const GstPtr<GstElement> pipeline(gst_parse_launch(line.c_str(), nullptr));
  const GstPtr<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline.get()), "timed"));
  const GstPtr<GstPad> pad(gst_element_get_static_pad(element.get(), "sink"));
  return runPipeline(pipeline.get(), pad.get(), options);
}

RunOptions fileOptions() {
  RunOptions options;
  options.what = "measuring";
  options.sourceName = "clip.mkv";
  options.wholeFile = true;
  return options;
}

TEST(PipelineRun, SourceThatGivesNothingFails) {
  RunOptions options = fileOptions();
  options.stillLimitS = 1;
  const auto end = runLine("appsrc ! identity name=timed ! fakesink", options);
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().kind, ErrorKind::kBadInput);
  EXPECT_NE(end.error().sentence().find("clip.mkv"), std::string::npos);
  EXPECT_NE(end.error().sentence().find("nothing for 1 s"), std::string::npos) << end.error().sentence();
}

TEST(PipelineRun, TailOfSoundIsNoStillness) {
  RunOptions options = fileOptions();
  options.stillLimitS = 1;
  const auto end = runLine(
      "videotestsrc num-buffers=3 ! video/x-raw,width=16,height=16 ! identity name=timed ! fakesink "
      "audiotestsrc is-live=true num-buffers=130 ! fakesink sync=true",
      options);
  ASSERT_TRUE(end.ok()) << end.error().sentence();
  EXPECT_EQ(end.value().frames, 3U);
}

// 10 s announced; neither takes the 100 ms after which the run first asks for the duration.
constexpr const char* kTenSeconds =
    "videotestsrc num-buffers=300 ! video/x-raw,width=16,height=16,framerate=30/1 ! ";

TEST(PipelineRun, ShortFileThatIsCutIsFoundOut) {
  const auto end = runLine(
      kTenSeconds + std::string("identity eos-after=30 ! identity name=timed ! fakesink"), fileOptions());
  ASSERT_FALSE(end.ok());
  EXPECT_NE(end.error().sentence().find("cut short"), std::string::npos) << end.error().sentence();
}

TEST(PipelineRun, TimeLimitIsNoEarlyEnd) {
  RunOptions options = fileOptions();
  options.durationS = 1;
  const auto end = runLine(kTenSeconds + std::string("identity name=timed ! fakesink"), options);
  ASSERT_TRUE(end.ok()) << end.error().sentence();
  EXPECT_EQ(end.value().frames, 30U);
}

}  // namespace
}  // namespace soleus::testing
