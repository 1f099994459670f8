#include <gmock/gmock.h>

#include "calibration/screen/axis_unit.h"
#include "calibration/screen/printed_settings.h"

namespace soleus {
namespace {

using testing::Eq;
using testing::Optional;

/// Lines one under the other, starting at the same column.
std::vector<TextLine> block(int x, int y, const std::vector<std::string>& texts) {
  std::vector<TextLine> lines;
  for (const std::string& text : texts) {
    lines.push_back({cv::Rect(x, y, 60, 10), text});
    y += 15;
  }
  return lines;
}

TEST(PrintedSettings, ThoseOfThePulsedWaveCount) {
  auto lines = block(500, 50, {"B", "Frq 9.0 MHz", "DR 60", "CF", "PRF 1.2 kHz", "WF 421 Hz"});
  for (const TextLine& line :
       block(500, 270, {"PW", "Frq 4.4 MHz", "PRF 4.6 kHz", "WF 69 Hz", "AC 60", "DR 40"}))
    lines.push_back(line);
  const PrintedSettings printed = readSettings(lines);
  EXPECT_THAT(printed.transmitFrequencyHz, Optional(4.4e6));
  EXPECT_THAT(printed.prfHz, Optional(4600.0));
  EXPECT_THAT(printed.wallFilterHz, Optional(69.0));
  EXPECT_THAT(printed.angleDegrees, Optional(60.0));
  EXPECT_THAT(printed.dynamicRangeDb, Optional(40.0));
}

TEST(PrintedSettings, TitlesMayStandWithinALine) {
  const auto lines = block(50, 500, {"PW F 6.2MHz PRF 4600 Filter 90Hz", "Angle 55\xC2\xB0 DR 55dB SV 6mm"});
  const PrintedSettings printed = readSettings(lines);
  EXPECT_THAT(printed.transmitFrequencyHz, Optional(6.2e6));
  EXPECT_THAT(printed.prfHz, Optional(4600.0));
  EXPECT_THAT(printed.wallFilterHz, Optional(90.0));
  EXPECT_THAT(printed.angleDegrees, Optional(55.0));
  EXPECT_THAT(printed.dynamicRangeDb, Optional(55.0));
}

TEST(PrintedSettings, TwoValuesWithoutTitlesAreNone) {
  const PrintedSettings printed =
      readSettings(block(50, 500, {"PRF 4.6 kHz", "PRF 1.2 kHz", "AC 60", "AC 50"}));
  EXPECT_THAT(printed.prfHz, Eq(std::nullopt));
  EXPECT_THAT(printed.angleDegrees, Eq(std::nullopt));
}

TEST(PrintedSettings, ValuesThatCannotBeAreLeftOut) {
  const PrintedSettings printed = readSettings(block(50, 500, {"PW", "Frq 44 MHz", "PRF 0.01 kHz", "AC 95"}));
  EXPECT_THAT(printed.transmitFrequencyHz, Eq(std::nullopt));
  EXPECT_THAT(printed.prfHz, Eq(std::nullopt));
  EXPECT_THAT(printed.angleDegrees, Eq(std::nullopt));
}

// A unit of the axis stands alone; that of a result stands behind its number.
TEST(AxisUnit, OfAnAxisAndOfAResult) {
  EXPECT_TRUE(unitsIn("cm/s INV").centimetresPerSecond);
  EXPECT_TRUE(unitsIn("[cm/s]").centimetresPerSecond);
  EXPECT_FALSE(unitsIn("cm/s INV").metresPerSecond);
  EXPECT_TRUE(unitsIn("m/s").metresPerSecond);
  EXPECT_FALSE(unitsIn("PSV 54 cm/s").centimetresPerSecond);
  EXPECT_FALSE(unitsIn("EDV 0.2 m/s").metresPerSecond);
}

TEST(AxisUnit, OfAMisreadWord) {
  EXPECT_TRUE(unitLike("em/s").centimetresPerSecond);
  EXPECT_TRUE(unitLike("cmIs").centimetresPerSecond);
  EXPECT_TRUE(unitLike("[cn/s]").centimetresPerSecond);
  EXPECT_TRUE(unitLike("n/5").metresPerSecond);
  // A letter too many may be one that is there: a lost c is a hundredfold.
  for (const char* open : {"xm/s", "Cm/s]", "(m/s", "kHz", "cm", "cms", "mm", "ms", "INV"}) {
    EXPECT_FALSE(unitLike(open).centimetresPerSecond) << open;
    EXPECT_FALSE(unitLike(open).metresPerSecond) << open;
  }
}

TEST(AxisUnit, ItsPlaceIsBesideTheNumbersAlone) {
  const cv::Rect spectrum(100, 200, 300, 150);
  const cv::Rect place = unitPlace(spectrum, {{412, 220, 20, 10}, {412, 260, 20, 10}, {412, 300, 14, 10}});
  for (const cv::Rect& unit :
       {cv::Rect(404, 185, 40, 12), cv::Rect(410, 240, 40, 12), cv::Rect(412, 355, 40, 12)})
    EXPECT_EQ((unit & place).area(), unit.area()) << unit.y;
  for (const cv::Rect& result :
       {cv::Rect(20, 240, 40, 12), cv::Rect(520, 240, 40, 12), cv::Rect(410, 60, 40, 12)})
    EXPECT_EQ((result & place).area(), 0) << result.x;
}

TEST(PrintedSettings, ReadingsThatAgreeAreSure) {
  auto lines = block(50, 500, {"PW", "WF 69 Hz", "PRF 4.6 kHz"});
  lines[1].confidence = 0.6;
  lines[1].again = {{"WF 69 Hz", 0.6}, {"WF 69Hz", 0.5}};
  const PrintedSettings printed = readSettings(lines);
  EXPECT_THAT(printed.wallFilterHz, Optional(69.0));
  EXPECT_GT(printed.confidence.at(Setting::kWallFilter), 0.9);
}

TEST(PrintedSettings, ReadingsThatDisagreeAreNotTaken) {
  auto lines = block(50, 500, {"PW", "WF 69 Hz", "PRF 4.6 kHz"});
  lines[1].again = {{"WF 89 Hz", 0.9}, {"WF 63 Hz", 0.9}};
  const PrintedSettings printed = readSettings(lines);
  EXPECT_THAT(printed.wallFilterHz, Eq(std::nullopt));
  EXPECT_LT(printed.confidence.at(Setting::kWallFilter), kLeastSettingConfidence);
  EXPECT_THAT(printed.prfHz, Optional(4600.0));
}

// What one reading of three sees may be there, or not.
TEST(PrintedSettings, OneReadingAloneIsNotTaken) {
  auto lines = block(50, 500, {"PW", "WF 63 Hz"});
  lines[1].confidence = 0.7;
  lines[1].again = {{"WF Hz", 0.5}, {"WF GHz", 0.5}};
  EXPECT_THAT(readSettings(lines).wallFilterHz, Eq(std::nullopt));
}

TEST(PrintedSettings, ABlockOfBModeIsNotThePulsedWaves) {
  for (const char* title : {"B", "B-", "8"}) {
    auto lines = block(50, 500, {title, "Frq 9.0 MHz", "DR 60"});
    lines.push_back({cv::Rect(40, 512, 4, 3), "."});  // dirt
    const PrintedSettings printed = readSettings(lines);
    EXPECT_THAT(printed.transmitFrequencyHz, Eq(std::nullopt)) << title;
    EXPECT_THAT(printed.dynamicRangeDb, Eq(std::nullopt)) << title;
  }
}

TEST(PrintedSettings, AThetaReadAsAFigure) {
  EXPECT_THAT(readSettings(block(0, 0, {"865\xC2\xB0"})).angleDegrees, Optional(65.0));
  EXPECT_THAT(readSettings(block(0, 0, {"PW WF 125Hz 8 65\xC2\xB0 Dyn 60dB"})).angleDegrees, Optional(65.0));
  EXPECT_THAT(readSettings(block(0, 0, {"165\xC2\xB0"})).angleDegrees, Eq(std::nullopt));
}

TEST(PrintedSettings, AThetaWhoseDegreeSignIsAMarkOrNothing) {
  const auto angleOf = [](const std::vector<std::string>& texts) {
    return readSettings(block(0, 0, texts)).angleDegrees;
  };
  EXPECT_EQ(angleOf({"PW", "8 60'"}), 60);
  EXPECT_EQ(angleOf({"8 30", "S 30"}), 30);
  EXPECT_FALSE(angleOf({"8 30"}));
  EXPECT_FALSE(angleOf({"8 30", "8 80"}));
  EXPECT_FALSE(angleOf({"8 60'"})) << "of no mode";
  EXPECT_FALSE(angleOf({"AC 60", "0 20\xC2\xB0", "0 20", "8 20"})) << "two that contradict each other";
}

TEST(PrintedSettings, AMisreadNameIsKnownByItsUnit) {
  const PrintedSettings printed = readSettings(block(50, 500, {"PW", "WEF 150 Hz"}));
  EXPECT_THAT(printed.wallFilterHz, Optional(150.0));
  EXPECT_LT(printed.confidence.at(Setting::kWallFilter), 0.9);
}

TEST(PrintedSettings, DynamicRangeByHalfItsName) {
  EXPECT_THAT(readSettings(block(0, 0, {"PW", "Dyn 60dB"})).dynamicRangeDb, Optional(60.0));
}

TEST(PrintedSettings, WordsOfAScannerAreLookedForBesides) {
  ScannerProfile scanner;
  scanner.parts[ScreenPart::kPulsedWave].settings[Setting::kWallFilter].value = {{"Cut-off"}, "Hz", 1};
  scanner.parts[ScreenPart::kPulsedWave].settings[Setting::kDynamicRange].value = {{"Cmp."}, "", 1};
  scanner.parts[ScreenPart::kBmode].settings[Setting::kDepth].value = {{}, "cm", 1};
  const auto lines = block(50, 500, {"PW", "PRF 4.6 kHz", "Cut-off 69 Hz", "Cmp. 45", "11cm"});
  const PrintedSettings usual = readSettings(lines);
  EXPECT_FALSE(usual.wallFilterHz || usual.dynamicRangeDb || usual.depthCm);
  const PrintedSettings printed = readSettings(lines, &scanner);
  EXPECT_DOUBLE_EQ(printed.wallFilterHz.value_or(0), 69);
  EXPECT_DOUBLE_EQ(printed.dynamicRangeDb.value_or(0), 45);
  EXPECT_DOUBLE_EQ(printed.depthCm.value_or(0), 11);
  EXPECT_DOUBLE_EQ(printed.prfHz.value_or(0), 4600);
}

}  // namespace
}  // namespace soleus
