#include <gmock/gmock.h>

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

TEST(PrintedSettings, UnitsOfVelocity) {
  EXPECT_TRUE(readSettings(block(0, 0, {"cm/s INV"})).centimetresPerSecond);
  EXPECT_FALSE(readSettings(block(0, 0, {"cm/s INV"})).metresPerSecond);
  EXPECT_TRUE(readSettings(block(0, 0, {"m/s"})).metresPerSecond);
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
