// What duplextrack says when it cannot measure: one sentence, with its kind.
#include <gtest/gtest.h>

#include "plugins/common/stream_formats.h"
#include "tests/element/track_bench.h"

namespace soleus::testing {
namespace {

constexpr GstClockTime kFrame = SmallScreen::kFrameNs;

/// The one error after a first frame.
Error errorAtFirstFrame(TrackBench& bench) {
  bench.start();
  EXPECT_EQ(bench.feed.push(frameBuffer(0, 0)), GST_FLOW_ERROR);
  EXPECT_EQ(bench.feed.push(frameBuffer(1, kFrame)), GST_FLOW_ERROR) << "it stays so";
  const auto errors = bench.track.errors();
  EXPECT_EQ(errors.size(), 1U) << "an error is reported once";
  return errors.empty() ? Error{} : errors[0];
}

TEST(TrackError, noCalibration) {
  TrackBench bench;
  bench.track.set("calibration", "");
  const Error error = errorAtFirstFrame(bench);
  EXPECT_EQ(error.kind, ErrorKind::kBadInput);
  EXPECT_EQ(error.sentence(),
            "duplextrack: no calibration (found none in the stream and no 'calibration' set; expected a "
            "calibration profile)");
}

TEST(TrackError, missingCalibrationFile) {
  TrackBench bench;
  const std::string path = bench.folder.file("nowhere.yaml");
  bench.track.set("calibration", path);
  const Error error = errorAtFirstFrame(bench);
  EXPECT_EQ(error.kind, ErrorKind::kBadInput);
  EXPECT_NE(error.sentence().find(path), std::string::npos) << error.sentence();
}

TEST(TrackError, brokenCalibrationNamesFileLineAndKey) {
  TrackBench bench;
  bench.track.set("calibration",
                  bench.folder.write("typo.yaml", smallScreen().calibrationYaml + "\nangel_degrees: 60\n"));
  const Error error = errorAtFirstFrame(bench);
  EXPECT_EQ(error.kind, ErrorKind::kBadInput);
  EXPECT_NE(error.sentence().find("typo.yaml:"), std::string::npos) << error.sentence();
  EXPECT_NE(error.sentence().find("angel_degrees"), std::string::npos) << error.sentence();
}

TEST(TrackError, unknownEstimatorNamesTheKnownOnes) {
  TrackBench bench;
  bench.track.set("estimator", "crystal_ball");
  const Error error = errorAtFirstFrame(bench);
  EXPECT_EQ(error.kind, ErrorKind::kBadInput);
  EXPECT_NE(error.sentence().find("'crystal_ball'"), std::string::npos) << error.sentence();
  EXPECT_NE(error.sentence().find("half_power"), std::string::npos) << error.sentence();
}

TEST(TrackError, aPictureOfAnotherSizeThanTheCalibration) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 3);
  const Owned<GstCaps> caps(gst_caps_from_string(screenCaps("I420", 640).c_str()));
  ASSERT_TRUE(bench.feed.send(gst_event_new_caps(caps.get())));
  for (int n = 3; n < 6; ++n) {
    Owned<GstBuffer> large(gst_buffer_new_allocate(nullptr, 640 * 640 * 3 / 2, nullptr));
    GST_BUFFER_PTS(large.get()) = static_cast<GstClockTime>(n) * kFrame;
    EXPECT_EQ(bench.feed.push(std::move(large)), GST_FLOW_ERROR);
  }
  const auto errors = bench.track.errors();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, ErrorKind::kBadInput);
  EXPECT_EQ(errors[0].sentence(),
            "calibration, screen: the profile is not for this picture (found a video of 640 x 640 pixels; "
            "expected 320 x 320)");
}

TEST(TrackError, leavesNoResultAtTheEnd) {
  for (const int goodFrames : {0, 3}) {
    TrackBench bench;
    bench.start();
    bench.pushFrames(0, goodFrames);
    const Owned<GstCaps> caps(gst_caps_from_string(screenCaps("I420", 640).c_str()));
    ASSERT_TRUE(bench.feed.send(gst_event_new_caps(caps.get())));
    Owned<GstBuffer> large(gst_buffer_new_allocate(nullptr, 640 * 640 * 3 / 2, nullptr));
    GST_BUFFER_PTS(large.get()) = static_cast<GstClockTime>(goodFrames) * kFrame;
    ASSERT_EQ(bench.feed.push(std::move(large)), GST_FLOW_ERROR);
    const auto results = resultsIn(bench.finish());
    EXPECT_EQ(results.size(), static_cast<std::size_t>(goodFrames));
    for (const FrameResult& result : results) EXPECT_FALSE(result.endOfStream);
    EXPECT_EQ(bench.track.errors().size(), 1U);
  }
}

TEST(TrackError, isForgottenAfterAStop) {
  TrackBench bench;
  bench.track.set("estimator", "crystal_ball");
  errorAtFirstFrame(bench);
  bench.track.stop();
  bench.track.set("estimator", "half_power");
  bench.start();
  bench.pushFrames(0, 5);
  EXPECT_EQ(resultsIn(bench.finish()).size(), 6U);
}

TEST(TrackCalibration, comesFromTheStreamWhereNoFileIsNamed) {
  TrackBench bench;
  bench.track.set("calibration", "");
  bench.start();
  ASSERT_TRUE(bench.feed.send(newCalibrationEvent(smallScreen().calibrationYaml)));
  bench.pushFrames(0, 5);
  const auto given = bench.finish();
  EXPECT_EQ(resultsIn(given).size(), 6U);
  for (const Given& each : given) EXPECT_FALSE(each.is(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY));
}

TEST(TrackCaps, anotherFormatOfTheSameSizeGoesOn) {
  TrackBench bench;
  bench.start();
  bench.pushFrames(0, 30);
  const Owned<GstCaps> caps(gst_caps_from_string(screenCaps("GRAY8").c_str()));
  ASSERT_TRUE(bench.feed.send(gst_event_new_caps(caps.get())));
  for (int n = 30; n < SmallScreen::kFrames; ++n) {
    // The luma plane comes first in I420 and is all there is in GRAY8.
    auto frame = frameBuffer(n, static_cast<GstClockTime>(n) * kFrame);
    gst_buffer_set_size(frame.get(), SmallScreen::kSizePx * SmallScreen::kSizePx);
    ASSERT_EQ(bench.feed.push(std::move(frame)), GST_FLOW_OK);
  }
  const auto changed = resultsIn(bench.finish());

  TrackBench unchanged;
  unchanged.start();
  unchanged.pushFrames(0, SmallScreen::kFrames);
  const auto expected = resultsIn(unchanged.finish());
  ASSERT_EQ(changed.size(), expected.size());
  for (std::size_t i = 0; i < changed.size(); ++i) {
    ASSERT_EQ(changed[i].columns.size(), expected[i].columns.size()) << "result " << i;
    for (std::size_t c = 0; c < changed[i].columns.size(); ++c)
      EXPECT_EQ(changed[i].columns[c].grey, expected[i].columns[c].grey);
  }
}

}  // namespace
}  // namespace soleus::testing
