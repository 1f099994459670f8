#include <gmock/gmock.h>

#include "calibration/screen/setting_notes.h"
#include "tests/unit/screen_findings.h"

namespace soleus {
namespace {

using testing::HasSubstr;

TEST(SettingNotes, WhatIsReadUnsurelyIsSaidWithItsOption) {
  ScreenFindings found = everything();
  found.printed.angleDegrees.reset();
  found.printed.confidence = {{Setting::kAngle, 0.4}, {Setting::kWallFilter, 0.3}};
  EXPECT_THAT(refusal(found, side()), testing::AllOf(HasSubstr("confidence of 0.4"), HasSubstr("--angle")));
  EXPECT_THAT(unsureSettings(found.printed, side()), testing::ElementsAre(HasSubstr("--wall-filter")));
  SuppliedValues supplied = side();
  supplied.wallFilterHz = 69;
  EXPECT_THAT(unsureSettings(found.printed, supplied), testing::IsEmpty());
}

// The numbers on the screen and its settings against what a person says.
TEST(SettingNotes, WhatAPersonSaysAgainstTheScreenIsNamedOrRefused) {
  const ScreenFindings found = everything();
  SuppliedValues supplied = side();
  supplied.velocityRangeCmPerS = 330;  // PRF, frequency and angle give 161
  EXPECT_THAT(refusal(found, supplied), HasSubstr("--velocity-range or --prf"));
  supplied.velocityRangeCmPerS = 140;
  supplied.angleDegrees = 55;
  supplied.wallFilterHz = 100;
  const auto profile = settleProfile(found, supplied, "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_THAT(overruledValues(found, supplied, *profile.value().doppler),
              testing::ElementsAre(HasSubstr("angle 60 degrees; 55"), HasSubstr("161 cm/s; 140")));
  supplied.angleDegrees = 60;
  supplied.velocityRangeCmPerS = 161;
  EXPECT_THAT(overruledValues(found, supplied, *profile.value().doppler), testing::IsEmpty());
}

}  // namespace
}  // namespace soleus
