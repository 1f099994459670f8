#include <gtest/gtest.h>

#include "calibration/screen/misread_letters.h"
#include "calibration/screen/setting_names.h"

namespace soleus {
namespace {

TEST(SettingNames, AMisreadNameIsPutRightWhereTheUnitConfirmsIt) {
  EXPECT_EQ(withNameRight("WEF 150 Hz"), "WF 150 Hz");
  EXPECT_EQ(withNameRight("Fra 7.0 MHz"), "FRQ 7.0 MHz");
  EXPECT_EQ(withNameRight("PBF 4.6 kHz"), "PRF 4.6 kHz");
  EXPECT_EQ(withNameRight("OR 60"), "DR 60");
}

TEST(SettingNames, OtherLinesStayAsTheyAre) {
  // Frame rate, heart rate, gain, acoustic output, filters of something else, results.
  for (const char* line :
       {"FR 45 Hz", "HR 60", "Gn 52", "A0 85", "XF 60 Hz", "WEF 150", "WF 150 Hz", "PSV 54 cm/s"})
    EXPECT_EQ(withNameRight(line), line);
}

TEST(MisreadLetters, ThoseThatLookAlikeCountLittle) {
  EXPECT_EQ(misreadDistance("cm/s", "CM/S"), 0);
  EXPECT_LT(misreadDistance("Gn|5", "cm/s"), 1.3);
  EXPECT_EQ(misreadDistance("m/s", "cm/s"), 1);
  EXPECT_EQ(misreadDistance("xm/s", "cm/s"), 1);
}

TEST(MisreadLetters, SignsThatNoScreenPrints) {
  EXPECT_EQ(withoutOddSigns("\xC2\xA7"
                            "2 Hz \xE2\x80\x94"),
            "S2 Hz -");
}

}  // namespace
}  // namespace soleus
