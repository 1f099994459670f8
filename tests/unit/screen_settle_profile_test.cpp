#include <gmock/gmock.h>

#include "tests/unit/screen_findings.h"

namespace soleus {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SettleProfile, AcceptsWhatAgrees) {
  const auto profile = settleProfile(everything(), side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  const DopplerCalibration& d = *profile.value().doppler;
  EXPECT_DOUBLE_EQ(d.cmPerSPerPixel, 161.0 / 176);
  EXPECT_DOUBLE_EQ(d.baselineRow, 355.5);
  EXPECT_EQ(d.display, Display::kSweep);
  EXPECT_TRUE(d.angleCorrected);
}

TEST(SettleProfile, NeverGuessesTheSideOfTheHeart) {
  EXPECT_THAT(refusal(everything(), {}), HasSubstr("--toward-heart"));
}

// Its fastest flow would be cut off.
TEST(SettleProfile, RefusesADarkSpectrumOfUnknownExtent) {
  ScreenFindings found = everything();
  found.rowsKnown = false;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--region"));
  SuppliedValues supplied = side();
  supplied.region = Region{28, 268, 431, 176};
  EXPECT_EQ(refusal(found, supplied), "accepted");
}

TEST(SettleProfile, OneSentenceNamesAllThatIsMissing) {
  ScreenFindings found = everything();
  found.velocity.reset();
  found.baseline.reset();
  found.printed.angleDegrees.reset();
  const std::string said = refusal(found, {});
  for (const char* option :
       {"--angle", "--angle-corrected", "--velocity-range", "--baseline-row", "--toward-heart"})
    EXPECT_THAT(said, HasSubstr(option));
}

TEST(SettleProfile, TicksOfTimeCloseAPaceThatTheMotionLeavesOpen) {
  ScreenFindings found = everything();
  found.pace->uncertainty = 0.01;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--seconds-per-pixel"));
  found.timeTicks = TimeTicks{1 / 0.00936, 0.002, 5};
  const auto profile = settleProfile(found, side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_NEAR(profile.value().doppler->secondsPerPixel, 0.00936, 1e-9);
}

// A video whose time is stretched by 1.6 % looks well in itself.
TEST(SettleProfile, RefusesAPaceThatTheTicksOfTimeContradict) {
  ScreenFindings found = everything();
  found.timeTicks = TimeTicks{1.016 / 0.0093, 0.002, 5};
  EXPECT_THAT(refusal(found, side()), HasSubstr("ticks of time"));
  SuppliedValues supplied = side();
  supplied.secondsPerPixel = 0.0093;
  EXPECT_EQ(refusal(found, supplied), "accepted");
}

TEST(SettleProfile, TwoTicksContradictNoMotion) {
  ScreenFindings found = everything();
  found.timeTicks = TimeTicks{1.016 / 0.0093, 0.002, 2};
  EXPECT_EQ(refusal(found, side()), "accepted");  // two bars of something else
  found.timeTicks->count = 3;
  EXPECT_THAT(refusal(found, side()), HasSubstr("ticks of time"));
}

// Anything is next to some round time, if the motion may be far off.
TEST(SettleProfile, TicksTellNothingWhereTheMotionIsHardlyKnown) {
  for (const int count : {2, 5}) {
    ScreenFindings found = everything();
    found.timeTicks = TimeTicks{1 / 0.0093, 0.002, count};
    found.pace->uncertainty = 0.014;
    EXPECT_EQ(refusal(found, side()), "accepted") << count;
    found.pace->uncertainty = 0.02;
    EXPECT_THAT(refusal(found, side()), HasSubstr("--seconds-per-pixel")) << count;
  }
}

// What the motion tells is no bound, but ticks twice as far off as that are not its own.
TEST(SettleProfile, TicksCloseAPaceOnlyNearTheMotion) {
  ScreenFindings found = everything();
  found.pace->uncertainty = 0.008;
  found.timeTicks = TimeTicks{1.012 / 0.0093, 0.001, 5};
  EXPECT_EQ(refusal(found, side()), "accepted");
  found.timeTicks = TimeTicks{1.018 / 0.0093, 0.001, 5};
  EXPECT_THAT(refusal(found, side()), HasSubstr("ticks of time"));
}

// Not at a round time: of another thing, or not understood.
TEST(SettleProfile, TicksThatStandForNoRoundTimeTellNothing) {
  ScreenFindings found = everything();
  found.timeTicks = TimeTicks{1.5 / 0.0093, 0.002, 4};
  EXPECT_EQ(refusal(found, side()), "accepted");
}

TEST(SettleProfile, AUnitThatIsNotReadIsNotGuessed) {
  ScreenFindings found = everything();
  found.printed = {};
  found.printed.angleDegrees = 60;
  EXPECT_THAT(refusal(found, side()), HasSubstr("unit"));  // 161 cm/s, or 16.1 m/s without their points
  found.velocity->line.unitsPerPixel = 1.6 / 176;          // m/s or kHz
  EXPECT_THAT(refusal(found, side()), HasSubstr("unit"));
  found = everything();
  found.printed.centimetresPerSecond = false;
  EXPECT_EQ(refusal(found, side()), "accepted");  // the settings tell
  // m/s: 1.61 kHz is no range of that PRF.
  found.velocity->line.unitsPerPixel /= 100;
  EXPECT_EQ(refusal(found, side()), "accepted");
  found.printed.others[Setting::kPrf] = {1600};  // but of this one it would be
  EXPECT_THAT(refusal(found, side()), HasSubstr("unit"));
  found.printed.others.clear();
  found.velocity->line.unitsPerPixel *= 0.9;  // an axis that leaves some of the range undrawn tells no unit
  EXPECT_THAT(refusal(found, side()), HasSubstr("unit"));
  found.printed.transmitFrequencyHz = 1.5e6;  // here 4.6 kHz, the PRF, are 4.7 m/s
  found.velocity->line.unitsPerPixel = 4.7 / 176;
  EXPECT_THAT(refusal(found, side()), HasSubstr("unit"));
}

TEST(SettleProfile, ARangeNeedsTheRowsItIsMeantFor) {
  ScreenFindings found = everything();
  found.velocity.reset();
  found.spectrum->fewerRows = found.spectrum->moreRows = 3;
  SuppliedValues supplied = side();
  supplied.velocityRangeCmPerS = 161;
  EXPECT_THAT(refusal(found, supplied), HasSubstr("--region"));
  supplied.region = Region{28, 268, 431, 176};
  EXPECT_EQ(refusal(found, supplied), "accepted");
}

TEST(SettleProfile, AMisreadUnitYieldsToTheSettings) {
  ScreenFindings found = everything();  // its unit was read as cm/s
  found.velocity->line.unitsPerPixel /= 100;
  const auto profile = settleProfile(found, side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_DOUBLE_EQ(profile.value().doppler->cmPerSPerPixel, 161.0 / 176);
  found.printed.prfHz.reset();
  EXPECT_THAT(refusal(found, side()), HasSubstr("as no scanner does"));
}

// Its numbers were read with their decimal points and without.
TEST(SettleProfile, OfTwoReadingsOfTheAxisTheOneThatTheSettingsConfirm) {
  ScreenFindings found = everything();
  found.otherVelocities = {*found.velocity, *found.velocity};
  found.velocity->line.unitsPerPixel *= 10;
  found.otherVelocities[0].line.unitsPerPixel /= 3;
  const auto profile = settleProfile(found, side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_DOUBLE_EQ(profile.value().doppler->cmPerSPerPixel, 161.0 / 176);
  // None is taken that only nearly agrees, nor without the settings.
  found.otherVelocities[1].line.unitsPerPixel *= 1.03;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
  found.otherVelocities[1].line.unitsPerPixel /= 1.03;
  found.printed.prfHz.reset();
  EXPECT_THAT(refusal(found, side()), HasSubstr("in two ways"));
  found.otherVelocities = {
      everything().velocity.value()};  // the same scale as that of the best, or one less sure
  found.velocity = everything().velocity;
  EXPECT_EQ(refusal(found, side()), "accepted");
  found.otherVelocities[0].line.unitsPerPixel *= 10;
  found.otherVelocities[0].line.uncertainty = found.otherVelocities[0].line.doubt = 0.03;
  EXPECT_EQ(refusal(found, side()), "accepted");
}

TEST(SettleProfile, RefusesAnAxisThatTheSettingsContradict) {
  ScreenFindings found = everything();
  found.velocity->line.unitsPerPixel *= 10;  // a zero too many in every number
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
  found = everything();
  found.velocity->line.unitsPerPixel /= 2;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
}

// One of two figures that look alike: the axis shows that it is the other.
TEST(SettleProfile, APrfThatTheAxisContradictsIsLeftOutIfItWasReadInTwoWays) {
  ScreenFindings found = everything();
  found.printed.prfHz = 9600;
  found.printed.confidence[Setting::kPrf] = 0.7;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
  found.printed.others[Setting::kPrf] = {4000, 4600};
  const auto profile = settleProfile(found, side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_FALSE(profile.value().doppler->prfHz);
  EXPECT_DOUBLE_EQ(profile.value().doppler->cmPerSPerPixel, 161.0 / 176);
  EXPECT_THAT(profile.value().provenanceResiduals,
              testing::Not(testing::Contains(testing::Pair("prf_confidence", testing::_))));
  // It might be the angle as well.
  ScreenFindings angle = found;
  angle.printed.others[Setting::kAngle] = {30};
  EXPECT_THAT(refusal(angle, side()), HasSubstr("--velocity-range"));
  found.velocity->line.doubt = 0.3;  // an axis that is not sure itself
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
}

TEST(SettleProfile, APersonsPrfOverrulesThePrint) {
  ScreenFindings found = everything();
  SuppliedValues supplied = side();
  supplied.prfHz = 9600;
  EXPECT_THAT(refusal(found, supplied), HasSubstr("expected --prf"));
  supplied.velocityRangeCmPerS = 161;  // nor does it fit a range that is said
  EXPECT_THAT(refusal(found, supplied), HasSubstr("expected --prf"));
  supplied.velocityRangeCmPerS.reset();
  supplied.prfHz = 4650;
  const auto profile = settleProfile(found, supplied, "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_EQ(profile.value().doppler->prfHz, 4650);
}

TEST(SettleProfile, RefusesAZeroBesideTheLine) {
  ScreenFindings found = everything();
  found.velocity->line.zeroRow = 358;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--baseline-row"));
}

/// An axis that leaves 1 % open.
ScreenFindings unsure() {
  ScreenFindings found = everything();
  ScaleLine& line = found.velocity->line;
  line.uncertainty = line.roundedUncertainty = 0.01;
  line.doubt = 0.3;
  return found;
}

TEST(SettleProfile, RefusesAScaleThatIsNotSure) {
  ScreenFindings found = unsure();
  found.velocity->line.unitsPerPixel *= 1.02;  // beyond what the settings confirm
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
  found.printed.prfHz.reset();
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
}

TEST(SettleProfile, SaysHowProbableItIsThatAScaleIsOff) {
  ScreenFindings found = everything();
  found.velocity->line.uncertainty = 0.0054;
  found.velocity->line.doubt = 0.006;
  const auto profile = settleProfile(found, side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_THAT(profile.value().provenanceResiduals,
              testing::Contains(testing::Pair("velocity_scale_doubt", 0.006)));
  found.printed.prfHz.reset();
  found.velocity->line.doubt = 0.02;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
}

// Should its zero be rounded after all, a scale may not be much off.
TEST(SettleProfile, AnExactZeroDoesNotCarryAllAlone) {
  ScreenFindings found = everything();
  found.printed.prfHz.reset();
  found.velocity->line.roundedUncertainty = 0.02;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
}

TEST(SettleProfile, SettingsCloseWhatTicksLeaveOpen) {
  ScreenFindings found = unsure();
  found.velocity->line.unitsPerPixel *= 1.006;
  const auto profile = settleProfile(found, side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_NEAR(profile.value().doppler->cmPerSPerPixel, 161.0 / 176, 1e-6);
}

TEST(SettleProfile, APrfThatIsSaidClosesWhatTicksLeaveOpen) {
  ScreenFindings found = unsure();
  found.velocity->line.unitsPerPixel *= 1.006;
  found.printed.prfHz.reset();
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range or --prf"));
  found.printed.transmitFrequencyHz.reset();  // without which no PRF tells a velocity
  EXPECT_THAT(refusal(found, side()), testing::Not(HasSubstr("--prf")));
  SuppliedValues supplied = side();
  supplied.transmitFrequencyHz = 4.4e6;
  EXPECT_THAT(refusal(found, supplied), HasSubstr("--velocity-range or --prf"));
  supplied.prfHz = 4600;
  const auto profile = settleProfile(found, supplied, "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_NEAR(profile.value().doppler->cmPerSPerPixel, 161.0 / 176, 1e-6);
}

TEST(SettleProfile, ADepthScaleBeginsAtTheTopOfItsPicture) {
  ScreenFindings found = everything();
  found.bmode = MovingRegion{{100, 20, 300, 200}, true, true};
  AxisReading axis;
  axis.line = {21, 0.02, 0.1, 0.003, {0, 1, 2}};
  axis.numbers = {{{70, 1}, {}}, {{120, 2}, {}}, {{170, 3}, {}}};
  found.depth = axis;
  const auto scaleOf = [&] { return settleProfile(found, side(), "clip.mkv").value().bmode; };
  ASSERT_TRUE(scaleOf());
  EXPECT_DOUBLE_EQ(scaleOf()->mmPerPixel, 0.2);
  found.depth->line.zeroRow = 90;  // a column of other numbers
  EXPECT_FALSE(scaleOf());
}

// 174 to 177 rows are what the axis allows; where the noise was blurred, the strip may have any of them.
TEST(SettleProfile, SmearedRowsCloseAScaleOnlyWhereFewAreLeft) {
  ScreenFindings found = unsure();
  found.spectrum->fewerRows = found.spectrum->moreRows = 3;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
  found.velocity->line.uncertainty = 0.005;
  const auto profile = settleProfile(found, side(), "clip.mkv");
  ASSERT_TRUE(profile.ok()) << profile.error().sentence();
  EXPECT_NEAR(profile.value().doppler->cmPerSPerPixel, 161.0 / 176, 1e-6);
  found.spectrum->filledTop = false;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--velocity-range"));
}

TEST(SettleProfile, RefusesAPaceThatHasNotSettled) {
  ScreenFindings found = everything();
  found.pace->uncertainty = 0.01;
  EXPECT_THAT(refusal(found, side()), HasSubstr("--seconds-per-pixel"));
}

TEST(SettleProfile, RefusesWhenASpectrumIsExpectedAndNoneMoves) {
  ScreenFindings found = everything();
  found.pace.reset();
  EXPECT_THAT(refusal(found, side()), HasSubstr("--region"));
}

TEST(SettleProfile, ConfidenceOfSettingsStandsAmongTheResiduals) {
  ScreenFindings found = everything();
  found.printed.confidence[Setting::kAngle] = 0.97;
  const auto residuals = [&](const SuppliedValues& supplied) {
    return settleProfile(found, supplied, "clip.mkv").value().provenanceResiduals;
  };
  EXPECT_THAT(residuals(side()), testing::Contains(testing::Pair("angle_confidence", 0.97)));
  SuppliedValues supplied = side();
  supplied.angleDegrees = 60;
  supplied.angleCorrected = true;
  EXPECT_THAT(residuals(supplied), Not(testing::Contains(testing::Pair("angle_confidence", testing::_))));
}

TEST(SettleProfile, AnAngleThatIsSaidNeedsToBeInTheScaleOrNot) {
  ScreenFindings found = everything();
  found.printed.angleDegrees.reset();
  SuppliedValues supplied = side();
  supplied.angleDegrees = 60;
  EXPECT_THAT(refusal(found, supplied), HasSubstr("--angle-corrected"));
  supplied.angleCorrected = true;
  EXPECT_THAT(refusal(found, supplied), Not(HasSubstr("--angle")));
}

}  // namespace
}  // namespace soleus
