#include <gmock/gmock.h>

#include <filesystem>

#include "tests/unit/phantom_scenarios.h"

namespace soleus {
namespace {

using ::testing::HasSubstr;
using testing::Sketch;

std::string sentenceFor(std::string yaml, const std::string& from, const std::string& to) {
  const auto at = yaml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  yaml.replace(at, from.size(), to);
  const auto result = parseScenario(yaml, "s.yaml");
  EXPECT_FALSE(result.ok()) << to;
  return result.ok() ? "" : result.error().sentence();
}

TEST(PhantomScenario, EveryExampleLoadsAndItsContractionsFitIt) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SOLEUS_SOURCE_DIR "/configs/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    const auto result = loadScenario(entry.path().string());
    ASSERT_TRUE(result.ok()) << result.error().sentence();
    EXPECT_GT(result.value().durationS, 0);
    ++files;
  }
  EXPECT_GE(files, 5);
}

TEST(PhantomScenario, FaultsNameLineAndKey) {
  const std::string yaml = Sketch{}.yaml();
  const std::string unknown = sentenceFor(yaml, "angle_degrees: 60", "angel_degrees: 60");
  EXPECT_THAT(unknown, HasSubstr("s.yaml:4"));
  EXPECT_THAT(unknown, HasSubstr("angle_degrees"));
  EXPECT_THAT(sentenceFor(yaml, "prf_hz: 4600,", "prf_hz: 4600, gain: 3,"), HasSubstr("unknown key"));
  EXPECT_THAT(sentenceFor(yaml, "soleus.scenario/1", "soleus.scenario/2"), HasSubstr("soleus.scenario/1"));
  EXPECT_THAT(sentenceFor(yaml, "width: 400", "width: 700"), HasSubstr("region outside the screen"));
  EXPECT_THAT(sentenceFor(yaml, "height: 480", "height: 481"), HasSubstr("even"));
  EXPECT_THAT(sentenceFor(yaml, "snr_db: 20.000000", "snr_db: loud"), HasSubstr("noise.snr_db"));
  EXPECT_THAT(sentenceFor(yaml, "codec: ffv1", "codec: ffv1, crf: 3"), HasSubstr("crf"));
  EXPECT_THAT(sentenceFor(yaml, "codec: ffv1", "codec: vp9"), HasSubstr("h264 | mjpeg | mpeg4 | ffv1"));
}

TEST(PhantomScenario, ContractionsMayNeitherOverlapNorRunPastTheEnd) {
  Sketch sketch;
  sketch.contractions = testing::kOneBurst;
  EXPECT_THAT(sentenceFor(sketch.yaml(), "interval_s: 3", "interval_s: 1.2"), HasSubstr("overlap"));
  EXPECT_THAT(sentenceFor(sketch.yaml(), "count: 1", "count: 3"), HasSubstr("past the end"));
}

TEST(PhantomScenario, VelocityScaleFollowsTheDopplerEquation) {
  const ScannerSettings scanner = Sketch{}.scenario().scanner;
  // 2 * 4.4 MHz * 0.3 m/s * 0.5 / 1540 m/s
  EXPECT_NEAR(dopplerShiftHz(scanner, 30.0), 857.14, 0.01);
  // 154000 cm/s * 4600 Hz / (4 * 4.4 MHz * 0.5)
  EXPECT_NEAR(nyquistCmPerS(scanner), 80.5, 1e-6);
}

TEST(PhantomScenario, ProfileDescribesTheScreen) {
  Sketch sketch;
  sketch.mode = "sweep";
  sketch.baselineFraction = 0.6;
  const CalibrationProfile profile = sketch.phantom()->profile();
  ASSERT_TRUE(profile.doppler && profile.bmode);
  EXPECT_EQ(profile.doppler->display, Display::kSweep);
  EXPECT_NEAR(profile.doppler->cmPerSPerPixel, 161.0 / 200.0, 1e-9);  // 2 * 80.5 cm/s over 200 rows
  EXPECT_DOUBLE_EQ(profile.doppler->baselineRow, 260 + 120 + 0.5);
  EXPECT_EQ(profile.provenanceMethod, "phantom");
  EXPECT_THAT(profile.yaml, HasSubstr("soleus.calibration/1"));
}

TEST(PhantomScenario, VideoEncodingIsReadByCodec) {
  EXPECT_EQ(Sketch{}.phantom()->videoEncoding(), (VideoEncoding{"ffv1", 0}));
  std::string yaml = Sketch{}.yaml();
  yaml.replace(yaml.find("codec: ffv1"), 11, "codec: mjpeg, quality_percent: 70");
  EXPECT_EQ(parseScenario(yaml, "s").value().video, (VideoEncoding{"mjpeg", 70}));
}

}  // namespace
}  // namespace soleus
