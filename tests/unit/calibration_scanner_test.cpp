#include <gmock/gmock.h>

#include <filesystem>

#include "calibration/scanner/recognise.h"
#include "calibration/scanner/scanner_file.h"

namespace soleus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kFolder = SOLEUS_SOURCE_DIR "/configs/scanners/";

const std::string kGood = R"(schema: soleus.scanner/1
name: Sonoscope
sources:
  - {name: clip, seen: a clip}
  - {name: guide, document: "its guide, page 7"}
recognised_by:
  - {text: Sonoscope 3, from: clip}
pulsed_wave:
  title: {words: [PW, Doppler], from: clip}
  prf: {words: [PRF, HPRF], unit: kHz, from: guide}
  wall_filter: {words: [F], from: clip}
  transmit_frequency: {words: [T], from: clip}
bmode:
  depth: {unit: mm, from: clip}
velocity_units:
  - {unit: m/s, from: guide}
scale_side: {is: left, from: clip}
display: {is: scroll, from: clip}
angle_corrected: {is: false, from: guide}
colours:
  - {part: scale, rgb: "#0A10fF", from: clip}
identity_rows:
  - {picture_height_px: 480, first_row: 440, rows: 40, from: clip}
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string faultOf(const std::string& text) {
  const auto scanner = parseScanner(text, "s.yaml");
  return scanner.ok() ? "accepted" : scanner.error().sentence();
}

std::vector<ScannerProfile> allOf(const std::string& folder) {
  std::vector<ScannerProfile> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.path().string().ends_with(".scanner.yaml")) continue;
    auto scanner = loadScanner(entry.path().string());
    EXPECT_TRUE(scanner.ok()) << scanner.error().sentence();
    if (scanner.ok()) all.push_back(std::move(scanner).value());
  }
  return all;
}

std::string makeOf(const std::vector<std::string>& texts) {
  static const std::vector<ScannerProfile> kAll = allOf(kFolder);
  const ScannerProfile* found = recognise(texts, kAll);
  return found == nullptr ? "none" : found->name;
}

TEST(Scanner, ReadsAllItsFactsWithTheirSources) {
  const auto result = parseScanner(kGood, "s.yaml");
  ASSERT_TRUE(result.ok()) << result.error().sentence();
  const ScannerProfile& s = result.value();
  EXPECT_EQ(s.name, "Sonoscope");
  EXPECT_EQ(s.recognisedBy.at(0).value, "Sonoscope 3");
  EXPECT_TRUE(s.recognisedBy.at(0).source.seen);
  EXPECT_EQ(s.velocityUnits.at(0).value, VelocityUnit::kMPerS);
  EXPECT_FALSE(s.velocityUnits.at(0).source.seen);
  EXPECT_EQ(s.velocityUnits.at(0).source.what, "its guide, page 7");
  EXPECT_EQ(s.scaleEdge->value, Edge::kLeft);
  EXPECT_FALSE(s.settingsEdge.has_value());
  EXPECT_EQ(s.display->value, Display::kScroll);
  EXPECT_FALSE(s.angleCorrected->value);
  EXPECT_EQ(s.colours.at(0).value.rgb, 0x0a10ffU);
  EXPECT_EQ(s.identityRows.at(0).value.firstRow, 440);
  EXPECT_THAT(s.parts.at(ScreenPart::kPulsedWave).titles->value, ElementsAre("PW", "Doppler"));
  EXPECT_FALSE(s.parts.contains(ScreenPart::kColour));
}

TEST(Scanner, TellsWhatAPrintedNumberIsWorth) {
  const auto result = parseScanner(kGood, "s.yaml");
  ASSERT_TRUE(result.ok()) << result.error().sentence();
  const auto& pw = result.value().parts.at(ScreenPart::kPulsedWave).settings;
  EXPECT_THAT(pw.at(Setting::kPrf).value.words, ElementsAre("PRF", "HPRF"));
  EXPECT_DOUBLE_EQ(pw.at(Setting::kPrf).value.factor, 1000);
  EXPECT_DOUBLE_EQ(pw.at(Setting::kWallFilter).value.factor, 1);
  EXPECT_DOUBLE_EQ(pw.at(Setting::kTransmitFrequency).value.factor, 1e6);
  const auto& depth = result.value().parts.at(ScreenPart::kBmode).settings.at(Setting::kDepth).value;
  EXPECT_TRUE(depth.words.empty());
  EXPECT_DOUBLE_EQ(depth.factor, 0.1);
}

TEST(Scanner, RefusesUnknownKeysWithTheirLine) {
  EXPECT_THAT(faultOf(with(kGood, "display:", "displays:")), HasSubstr("s.yaml:18, displays: unknown key"));
  EXPECT_THAT(faultOf(with(kGood, "unit: kHz", "units: kHz")),
              HasSubstr("s.yaml:10, pulsed_wave.prf.units: unknown key"));
  EXPECT_THAT(faultOf(with(kGood, "prf:", "pfr:")), HasSubstr("s.yaml:10, pulsed_wave.pfr: unknown key"));
}

TEST(Scanner, RefusesFactsAndSourcesThatDoNotMeet) {
  EXPECT_THAT(faultOf(with(kGood, "left, from: clip", "left")),
              HasSubstr("s.yaml:17, scale_side.from: missing key"));
  EXPECT_THAT(
      faultOf(with(kGood, "left, from: clip", "left, from: hearsay")),
      HasSubstr("scale_side.from: not a source of this file (found 'hearsay'; expected clip | guide)"));
  EXPECT_THAT(faultOf(with(kGood, "- {name: guide", "- {name: talk, seen: on a fair}\n  - {name: guide")),
              HasSubstr("sources: a source that no fact names (found 'talk'"));
  EXPECT_THAT(faultOf(with(kGood, "name: guide", "name: clip")), HasSubstr("source given twice"));
  EXPECT_THAT(faultOf(with(kGood, "seen: a clip", "seen: a clip, document: its page")),
              HasSubstr("a source of two kinds"));
  EXPECT_THAT(faultOf(with(kGood, "seen: a clip", "heard: a clip")), HasSubstr("missing key"));
}

TEST(Scanner, RefusesValuesThatCannotBe) {
  EXPECT_THAT(faultOf(with(kGood, "scanner/1", "scanner/2")), HasSubstr("s.yaml:1, schema"));
  EXPECT_THAT(faultOf(with(kGood, "unit: kHz", "unit: MHz")),
              HasSubstr("prf.unit: not a unit of this setting (found 'MHz'; expected Hz | kHz)"));
  EXPECT_THAT(faultOf(with(kGood, "{unit: mm, ", "{")), HasSubstr("nothing to know the number by"));
  EXPECT_THAT(faultOf(with(kGood, "[PRF, HPRF]", "PRF")), HasSubstr("prf.words: not a list (found 'PRF'"));
  EXPECT_THAT(faultOf(with(kGood, "[PRF, HPRF]", "[PRF, [H]]")), HasSubstr("not a text (found a list"));
  EXPECT_THAT(faultOf(with(kGood, "words: [PW, Doppler], ", "")), HasSubstr("title.words: missing key"));
  EXPECT_THAT(faultOf(with(kGood, "Sonoscope 3", "S3")), HasSubstr("too short to know a make by"));
  EXPECT_THAT(faultOf(with(kGood, "#0A10fF", "#0A10fG")),
              HasSubstr("s.yaml:21, colours[0].rgb: not a colour"));
  EXPECT_THAT(faultOf(with(kGood, "rows: 40", "rows: 41")), HasSubstr("rows outside the picture"));
  EXPECT_THAT(faultOf(with(kGood, "m/s", "km/s")), HasSubstr("cm/s | m/s | kHz"));
}

TEST(Scanner, EveryFileOfTheProjectLoads) {
  const auto all = allOf(kFolder);
  EXPECT_GE(all.size(), 8U);
  for (const ScannerProfile& scanner : all) EXPECT_FALSE(scanner.name.empty());
}

TEST(Scanner, TheGeFileSaysWhatItsRecordingShows) {
  const auto ge = loadScanner(kFolder + "ge_logiq.scanner.yaml");
  ASSERT_TRUE(ge.ok()) << ge.error().sentence();
  const auto& pw = ge.value().parts.at(ScreenPart::kPulsedWave).settings;
  EXPECT_THAT(pw.at(Setting::kAngle).value.words, ElementsAre("AC"));
  EXPECT_DOUBLE_EQ(pw.at(Setting::kPrf).value.factor, 1000);
  EXPECT_EQ(ge.value().display->value, Display::kSweep);
  EXPECT_TRUE(ge.value().angleCorrected->value);
  EXPECT_TRUE(ge.value().angleCorrected->source.seen);
}

TEST(Recognise, KnowsAMakeByItsHeader) {
  EXPECT_EQ(makeOf({"PHILIPS OB", "MI 1.1", "Gn 60"}), "Philips CX50");
  EXPECT_EQ(makeOf({"MI 0.7 Tis 0.6 8L-RS", "ATA"}), "GE Logiq e, Logiq Book");
  EXPECT_EQ(makeOf({"B", "XBea m Off"}), "GE Logiq e, Logiq Book");
  EXPECT_EQ(makeOf({"MINDRAY"}), "Mindray");
}

TEST(Recognise, TakesWholeWordsOnly) {
  EXPECT_EQ(makeOf({"Philipson Hospital"}), "none");
  EXPECT_EQ(makeOf({"18L-RS"}), "none");
  EXPECT_EQ(makeOf({"8L-RSX"}), "none");
  EXPECT_EQ(makeOf({"8L", "-RS"}), "none");
  EXPECT_EQ(makeOf({"by Philips."}), "Philips CX50");
}

TEST(Recognise, TellsNoneWhereNoneOrTwoAreThere) {
  EXPECT_EQ(makeOf({}), "none");
  EXPECT_EQ(makeOf({"PW", "PRF 4.6 kHz"}), "none");
  EXPECT_EQ(makeOf({"Philips University Hospital", "XBeam On"}), "none");
  EXPECT_EQ(recognise({"PHILIPS"}, {}), nullptr);
}

}  // namespace
}  // namespace soleus
