#include <gmock/gmock.h>

#include "calibration/profile/profile.h"

namespace soleus {
namespace {

using testing::HasSubstr;

const std::string kGood = R"(schema: soleus.calibration/1
screen: {width: 640, height: 480}
doppler:
  region: {x: 28, y: 274, width: 431, height: 175}
  display: sweep
  seconds_per_pixel: 0.013931
  cm_per_s_per_pixel: 0.871
  baseline_row: 408.9
  toward_heart: down
  angle_degrees: 60
  angle_corrected: true
  dynamic_range_db: 40
bmode:
  region: {x: 0, y: 10, width: 300, height: 200}
  mm_per_pixel: 0.1465
provenance: {method: manual, residuals: {scale: 0.01}}
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string faultOf(const std::string& text) {
  const auto profile = parseProfile(text, "p.yaml");
  return profile.ok() ? "accepted" : profile.error().sentence();
}

TEST(Profile, ReadsAllItsFields) {
  const auto result = parseProfile(kGood, "p.yaml");
  ASSERT_TRUE(result.ok()) << result.error().sentence();
  const auto& p = result.value();
  EXPECT_EQ(p.doppler->region, (Region{28, 274, 431, 175}));
  EXPECT_EQ(p.doppler->display, Display::kSweep);
  EXPECT_EQ(p.doppler->towardHeart, Side::kDown);
  EXPECT_DOUBLE_EQ(p.doppler->baselineRow, 408.9);
  EXPECT_DOUBLE_EQ(*p.doppler->dynamicRangeDb, 40);
  EXPECT_FALSE(p.doppler->prfHz.has_value());
  EXPECT_DOUBLE_EQ(p.bmode->mmPerPixel, 0.1465);
  EXPECT_EQ(p.yaml, kGood);
}

TEST(Profile, TellsWhatIsKnownOfTheBeam) {
  EXPECT_DOUBLE_EQ(parseProfile(kGood, "p.yaml").value().doppler->angleUncertaintyDegrees, 5);
  const std::string told = with(kGood, "  angle_corrected: true\n",
                                "  angle_corrected: true\n  angle_uncertainty_degrees: 3\n  aperture_mm: 10\n"
                                "  depth_mm: 30\n");
  const auto profile = parseProfile(told, "p.yaml");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  const auto again = parseProfile(profileYaml(profile.value()), "again.yaml");
  ASSERT_TRUE(again.ok()) << again.error().sentence();
  for (const auto& beam : {*profile.value().doppler, *again.value().doppler}) {
    EXPECT_DOUBLE_EQ(beam.angleUncertaintyDegrees, 3);
    EXPECT_DOUBLE_EQ(*beam.apertureMm, 10);
    EXPECT_DOUBLE_EQ(*beam.depthMm, 30);
  }
  EXPECT_THAT(faultOf(with(told, "  depth_mm: 30\n", "")),
              HasSubstr("aperture_mm: one part of a pair (found no depth_mm; expected aperture_mm and "
                        "depth_mm, or neither"));
}

TEST(Profile, TellsAnEstimatedDynamicRange) {
  const std::string told =
      with(kGood, "dynamic_range_db: 40\n", "dynamic_range_db: 40\n  dynamic_range_estimated: true\n");
  const auto profile = parseProfile(told, "p.yaml");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_TRUE(profile.value().doppler->dynamicRangeEstimated);
  const auto again = parseProfile(profileYaml(profile.value()), "again.yaml");
  ASSERT_TRUE(again.ok()) << again.error().sentence();
  EXPECT_TRUE(again.value().doppler->dynamicRangeEstimated);
  EXPECT_THAT(faultOf(with(told, "  dynamic_range_db: 40\n", "")),
              HasSubstr("dynamic_range_estimated: nothing was estimated"));
}

TEST(Profile, OneChannelCannotBeTurnedRound) {
  const std::string sound =
      "schema: soleus.calibration/1\naudio: {channels: mono, toward_heart: reverse, transmit_frequency_hz: "
      "5e6, "
      "angle_degrees: 55, wall_filter_hz: 60}\n";
  EXPECT_THAT(faultOf(sound), HasSubstr("one channel tells no direction"));
}

TEST(Profile, SoundNeedsNoScreen) {
  const std::string sound =
      "schema: soleus.calibration/1\naudio: {channels: forward_reverse, toward_heart: reverse, "
      "transmit_frequency_hz: 5e6, angle_degrees: 55, wall_filter_hz: 60}\n";
  const auto profile = parseProfile(sound, "p.yaml");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_FALSE(profile.value().audio->towardHeartIsForward);
  EXPECT_DOUBLE_EQ(profile.value().audio->wallFilterHz, 60);
  const auto again = parseProfile(profileYaml(profile.value()), "written");
  ASSERT_TRUE(again.ok()) << again.error().sentence();
  EXPECT_EQ(profileYaml(again.value()), profileYaml(profile.value()));
  EXPECT_THAT(faultOf(with(kGood, "screen: {width: 640, height: 480}\n", "")), HasSubstr("screen"));
}

TEST(Profile, WhatIsWrittenIsReadBackTheSame) {
  const auto first = parseProfile(kGood, "p.yaml");
  const auto second = parseProfile(profileYaml(first.value()), "written");
  ASSERT_TRUE(second.ok()) << second.error().sentence();
  EXPECT_EQ(profileYaml(first.value()), profileYaml(second.value()));
  EXPECT_DOUBLE_EQ(second.value().doppler->secondsPerPixel, 0.013931);
}

TEST(Profile, NamesTheLineAndKeyOfEachFault) {
  EXPECT_THAT(
      faultOf(with(kGood, "angle_degrees", "angel_degrees")),
      HasSubstr("doppler.angle_degrees: missing key (found 'angel_degrees'; expected 'angle_degrees: ...')"));
  EXPECT_THAT(faultOf(kGood + "colour: red\n"), HasSubstr("p.yaml:17, colour: unknown key"));
  EXPECT_THAT(
      faultOf(with(kGood, "display: sweep", "display: wave")),
      HasSubstr(
          "p.yaml:5, doppler.display: not one of the known words (found 'wave'; expected scroll | sweep)"));
  EXPECT_THAT(faultOf(with(kGood, "0.871", "fast")),
              HasSubstr("p.yaml:7, doppler.cm_per_s_per_pixel: not a number"));
  EXPECT_THAT(faultOf(with(kGood, "0.871", "-1")), HasSubstr("out of range (found -1"));
  EXPECT_THAT(faultOf(with(kGood, "0.871", ".nan")), HasSubstr("not a number"));
  EXPECT_THAT(faultOf(with(kGood, "width: 431", "width: 4310")), HasSubstr("region outside the picture"));
  for (const char* width : {"7", "79"}) {
    EXPECT_THAT(faultOf(with(kGood, "width: 431", std::string("width: ") + width)),
                HasSubstr(std::string("p.yaml:4, doppler.region.width: out of range (found ") + width +
                          "; expected a whole number from 80 to 16384)"));
  }
  EXPECT_EQ(faultOf(with(kGood, "width: 431", "width: 80")), "accepted");
  EXPECT_THAT(faultOf(with(kGood, "408.9", "20")), HasSubstr("baseline outside the spectrum"));
  EXPECT_THAT(faultOf(with(kGood, "calibration/1", "calibration/9")), HasSubstr("p.yaml:1, schema"));
  EXPECT_THAT(faultOf(with(kGood, "  display: sweep", "  display: sweep\n  display: scroll")),
              HasSubstr("given twice"));
  EXPECT_THAT(faultOf("schema: soleus.calibration/1\nscreen: {width: 640, height: 480}\n"),
              HasSubstr("nothing to measure"));
  EXPECT_THAT(faultOf("a: [1, 2"), HasSubstr("is not valid YAML"));
  EXPECT_THAT(faultOf(""), HasSubstr("is not a mapping"));
}

TEST(Profile, SaysThatAFileIsMissing) {
  const auto result = loadProfile("/nonexistent/profile.yaml");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(result.error().sentence(), HasSubstr("/nonexistent/profile.yaml: cannot be read"));
}

}  // namespace
}  // namespace soleus
