#include <gmock/gmock.h>

#include <cmath>

#include "calibration/dicom/profile_regions.h"
#include "calibration/dicom/region_profile.h"
#include "calibration/profile/profile.h"
#include "tests/unit/dicom_sample.h"

namespace soleus {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

CalibrationProfile profileOf(const DicomDescription& file, const RegionOptions& options = upward()) {
  auto result = profileOfRegions(file, options, "a.dcm");
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().sentence());
  if (!result.ok()) return {};
  // What is found must be a profile that the reader takes.
  const auto read = parseProfile(result.value().profile.yaml, "a.yaml");
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().sentence());
  return result.value().profile;
}

std::string faultOf(const DicomDescription& file, const RegionOptions& options = upward()) {
  const auto result = profileOfRegions(file, options, "a.dcm");
  if (result.ok()) return "accepted";
  EXPECT_EQ(result.error().kind, ErrorKind::kBadInput);
  return result.error().sentence();
}

std::vector<std::string> notesOf(const DicomDescription& file, const RegionOptions& options = upward()) {
  auto result = profileOfRegions(file, options, "a.dcm");
  return result.ok() ? result.value().notes : std::vector<std::string>{result.error().sentence()};
}

TEST(DicomProfile, TakesScaleAndPlaceFromTheRegions) {
  const CalibrationProfile profile = profileOf(sampleFile());
  EXPECT_EQ(profile.screenWidth, 800);
  EXPECT_EQ(profile.screenHeight, 600);
  EXPECT_EQ(profile.provenanceMethod, "dicom");
  ASSERT_TRUE(profile.doppler);
  const DopplerCalibration& d = *profile.doppler;
  EXPECT_EQ(d.region, (Region{100, 300, 400, 200}));
  EXPECT_EQ(d.display, Display::kSweep);
  EXPECT_DOUBLE_EQ(d.secondsPerPixel, 0.01);
  EXPECT_DOUBLE_EQ(d.cmPerSPerPixel, 0.5);
  EXPECT_DOUBLE_EQ(d.baselineRow, 420.5);  // the centre of row 420
  EXPECT_EQ(d.towardHeart, Side::kUp);
  EXPECT_EQ(d.angleDegrees, 60);
  EXPECT_TRUE(d.angleCorrected);
  EXPECT_EQ(d.transmitFrequencyHz, 5e6);
  EXPECT_EQ(d.prfHz, 4000);
  EXPECT_EQ(d.wallFilterHz, 70);
  EXPECT_EQ(d.dynamicRangeDb, 50);
  ASSERT_TRUE(profile.bmode);
  EXPECT_EQ(profile.bmode->region, (Region{200, 20, 300, 250}));
  EXPECT_DOUBLE_EQ(profile.bmode->mmPerPixel, 0.2);
  EXPECT_THAT(notesOf(sampleFile()), IsEmpty());
}

TEST(DicomProfile, GoesByTypeNotByPlace) {
  DicomDescription file = sampleFile();
  std::swap(file.regions[0], file.regions[1]);
  UltrasoundRegion ecg = file.regions[1];
  ecg.format = SpatialFormat::kWaveform;
  ecg.data = static_cast<RegionData>(10);
  file.regions.insert(file.regions.begin(), ecg);
  UltrasoundRegion trace = file.regions[2];
  trace.data = static_cast<RegionData>(7);  // the scanner's own maximum trace
  file.regions.insert(file.regions.begin(), trace);
  EXPECT_EQ(profileOf(file).doppler->region, (Region{100, 300, 400, 200}));
}

TEST(DicomProfile, FindsTheBaselineFromAnyReferencePixel) {
  DicomDescription file = sampleFile();
  UltrasoundRegion& r = file.regions[0];
  // Above the box: row 300 - 40 = 260 has 80 cm/s, zero is 160 rows below its centre.
  r.referencePixelY = -40;
  r.referenceValueY = 80;
  EXPECT_DOUBLE_EQ(profileOf(file).doppler->baselineRow, 420.5);
  // An axis that grows downward: the same row then has -80.
  r.deltaY = 0.5;
  r.referenceValueY = -80;
  const CalibrationProfile flipped = profileOf(file);
  EXPECT_DOUBLE_EQ(flipped.doppler->baselineRow, 420.5);
  EXPECT_DOUBLE_EQ(flipped.doppler->cmPerSPerPixel, 0.5);
  // Half a pixel's worth of velocity at the reference moves the baseline by half a pixel.
  r.deltaY = -0.5;
  r.referenceValueY = 80.25;
  EXPECT_DOUBLE_EQ(profileOf(file).doppler->baselineRow, 421.0);
}

TEST(DicomProfile, ConvertsFrequencies) {
  DicomDescription file = sampleFile();
  UltrasoundRegion& r = file.regions[0];
  r.unitsY = RegionUnits::kHertz;
  r.flags |= 4;
  r.deltaY = -20;
  // v = c f / (2 f0 cos 60) = 154000 * 20 / (2 * 5e6 * 0.5)
  EXPECT_NEAR(profileOf(file).doppler->cmPerSPerPixel, 0.616, 1e-12);
  EXPECT_DOUBLE_EQ(profileOf(file).doppler->baselineRow, 420.5);
  RegionOptions other = upward();
  other.angleDegrees = 0;
  EXPECT_NEAR(profileOf(file, other).doppler->cmPerSPerPixel, 0.308, 1e-12);
  r.transducerFrequencyKHz.reset();
  EXPECT_THAT(faultOf(file), AllOf(HasSubstr("region 1"), HasSubstr("--transmit-frequency")));
  r.transducerFrequencyKHz = 5;  // MHz, as it seems
  EXPECT_THAT(faultOf(file), HasSubstr("--transmit-frequency"));
  other = upward();
  other.transmitFrequencyHz = 5e6;
  EXPECT_NEAR(profileOf(file, other).doppler->cmPerSPerPixel, 0.616, 1e-12);
}

TEST(DicomProfile, AsksForWhatTheFileDoesNotSay) {
  EXPECT_THAT(faultOf(sampleFile(), {}), HasSubstr("--toward-heart"));
  DicomDescription file = sampleFile();
  UltrasoundRegion& r = file.regions[0];
  r.flags = 0;
  EXPECT_THAT(faultOf(file), HasSubstr("--display"));
  RegionOptions options = upward();
  options.display = Display::kScroll;
  EXPECT_EQ(profileOf(file, options).doppler->display, Display::kScroll);
  r.correctionAngleDegrees.reset();
  EXPECT_THAT(faultOf(file, options), HasSubstr("--angle"));
  options.angleDegrees = 55;
  // Twice the velocity hangs on it at 60 degrees.
  EXPECT_THAT(faultOf(file, options), HasSubstr("--angle-corrected"));
  options.angleCorrected = false;
  EXPECT_EQ(profileOf(file, options).doppler->angleDegrees, 55);
  EXPECT_FALSE(profileOf(file, options).doppler->angleCorrected);
  options.angleCorrected = true;
  EXPECT_TRUE(profileOf(file, options).doppler->angleCorrected);
  r.referenceValueY.reset();
  EXPECT_THAT(faultOf(file, options), HasSubstr("--baseline-row"));
  options.baselineRow = 400.25;
  EXPECT_EQ(profileOf(file, options).doppler->baselineRow, 400.25);
  r.unitsY = RegionUnits::kNone;
  EXPECT_THAT(faultOf(file, options), AllOf(HasSubstr("units none"), HasSubstr("--velocity-range")));
  options.velocityRangeCmPerS = 150;
  EXPECT_DOUBLE_EQ(profileOf(file, options).doppler->cmPerSPerPixel, 0.75);
  // A reference pixel on the baseline needs no scale.
  r.referenceValueY = 0;
  r.deltaY = 0;
  options.baselineRow.reset();
  EXPECT_DOUBLE_EQ(profileOf(file, options).doppler->baselineRow, 420.5);
}

TEST(DicomProfile, NamesWhatAPersonSaysAgainstTheFile) {
  RegionOptions options = upward();
  options.prfHz = 4000;
  EXPECT_THAT(notesOf(sampleFile(), options), IsEmpty());
  options.prfHz = 2000;
  options.velocityRangeCmPerS = 5000 * 0.2;
  EXPECT_THAT(notesOf(sampleFile(), options),
              testing::ElementsAre(HasSubstr("4000 Hz; 2000, as said"), HasSubstr("cm/s; 1000, as said")));
}

TEST(DicomProfile, NamesWhatNoFileTellsOfTheGrey) {
  RegionOptions options = upward();
  options.wallFilterHz.reset();
  EXPECT_THAT(
      notesOf(sampleFile(), options),
      testing::ElementsAre(AllOf(HasSubstr("--wall-filter"), testing::Not(HasSubstr("--dynamic-range")))));
  options.dynamicRangeDb.reset();
  EXPECT_THAT(notesOf(sampleFile(), options),
              testing::ElementsAre(HasSubstr("--wall-filter HZ' and '--dynamic")));
  EXPECT_FALSE(profileOf(sampleFile(), options).doppler->wallFilterHz);
}

TEST(DicomProfile, KeepsAngleAndScaleTogether) {
  RegionOptions options = upward();
  options.angleDegrees = 55;
  EXPECT_THAT(faultOf(sampleFile(), options), HasSubstr("corrected for another angle"));
  DicomDescription file = sampleFile();
  file.regions[0].correctionAngleDegrees = -60;  // the cursor leans to the other side
  EXPECT_EQ(profileOf(file).doppler->angleDegrees, 60);
  file.regions[0].correctionAngleDegrees = 0;
  const DopplerCalibration d = *profileOf(file, options).doppler;
  EXPECT_EQ(d.angleDegrees, 55);
  EXPECT_FALSE(d.angleCorrected);
  file.regions[0].correctionAngleDegrees = 90;
  EXPECT_THAT(faultOf(file), HasSubstr("correction angle"));
}

TEST(DicomProfile, RefusesSeveralOfAKindUntilOneIsChosen) {
  DicomDescription file = sampleFile();
  file.regions.push_back(file.regions[0]);
  file.regions[2].data = RegionData::kCw;
  file.regions[2].box->left = 150;
  EXPECT_THAT(faultOf(file),
              AllOf(HasSubstr("1: spectral PW Doppler, x 100 to 499"),
                    HasSubstr("3: spectral CW Doppler, x 150 to 499"), HasSubstr("--dicom-region")));
  RegionOptions options = upward();
  options.regions = {3, 2};
  EXPECT_EQ(profileOf(file, options).doppler->region.x, 150);
  EXPECT_TRUE(profileOf(file, options).bmode);
  options.regions = {3};
  EXPECT_FALSE(profileOf(file, options).bmode);
  options.regions = {4};
  EXPECT_THAT(faultOf(file, options), HasSubstr("no region 4"));
}

TEST(DicomProfile, ABoxInOtherCoordinatesIsRefusedOrScaled) {
  DicomDescription file = sampleFile();
  file.width = 400;
  file.height = 300;
  EXPECT_THAT(faultOf(file), AllOf(HasSubstr("another picture size"), HasSubstr("at least 800 x 600"),
                                   HasSubstr("--dicom-size")));
  RegionOptions options = upward();
  options.coordinates = RegionOptions::Size{800, 600};
  const CalibrationProfile profile = profileOf(file, options);
  EXPECT_EQ(profile.doppler->region, (Region{50, 150, 200, 100}));
  EXPECT_DOUBLE_EQ(profile.doppler->cmPerSPerPixel, 1.0);
  EXPECT_DOUBLE_EQ(profile.doppler->secondsPerPixel, 0.02);
  EXPECT_DOUBLE_EQ(profile.doppler->baselineRow, 210.25);
  EXPECT_DOUBLE_EQ(profile.bmode->mmPerPixel, 0.4);
  EXPECT_THAT(notesOf(file, options), testing::Contains(HasSubstr("scaled by 0.5")));
  options.coordinates = RegionOptions::Size{1024, 600};
  EXPECT_THAT(faultOf(file, options), HasSubstr("another shape"));
  options.coordinates = RegionOptions::Size{480, 360};
  EXPECT_THAT(faultOf(file, options), HasSubstr("outside of these coordinates"));
}

TEST(DicomProfile, ABoxThatEndsOnePixelBeyondIsCut) {
  DicomDescription file = sampleFile();
  file.regions[1].box->right = 800;
  EXPECT_EQ(profileOf(file).bmode->region, (Region{200, 20, 600, 250}));
  EXPECT_THAT(notesOf(file), testing::ElementsAre(HasSubstr("one pixel beyond")));
  file.regions[1].box->right = 801;
  EXPECT_THAT(faultOf(file), HasSubstr("another picture size"));
}

TEST(DicomProfile, RefusesWhatNoScannerShows) {
  using Spoil = void (*)(UltrasoundRegion&);
  struct Case {
    int region;
    Spoil spoil;
    const char* said;
  };
  for (const Case& c : std::initializer_list<Case>{
           {1, [](UltrasoundRegion& r) { r.deltaY = 0; }, "PhysicalDeltaY 0"},
           {1, [](UltrasoundRegion& r) { r.deltaX.reset(); }, "PhysicalDeltaX missing"},
           {1, [](UltrasoundRegion& r) { r.deltaX = std::nan(""); }, "no scale"},
           {1, [](UltrasoundRegion& r) { r.deltaX = -0.01; }, "runs to the left"},
           {1, [](UltrasoundRegion& r) { r.deltaX = 1; }, "time scale"},
           {1, [](UltrasoundRegion& r) { r.deltaY = -1e9; }, "velocity scale"},
           {1, [](UltrasoundRegion& r) { r.deltaY = -1e-300; }, "velocity scale"},
           {1, [](UltrasoundRegion& r) { r.unitsX = RegionUnits::kCm; }, "no time (found units cm"},
           {1, [](UltrasoundRegion& r) { r.unitsY = RegionUnits::kSeconds; }, "units s"},
           {1, [](UltrasoundRegion& r) { r.unitsY = static_cast<RegionUnits>(99); }, "units code 99"},
           {1, [](UltrasoundRegion& r) { r.flags |= 4; }, "contradicts itself"},
           {1, [](UltrasoundRegion& r) { r.referencePixelY = 100000; }, "baseline lies outside"},
           {1, [](UltrasoundRegion& r) { r.referenceValueY = std::nan(""); }, "--baseline-row"},
           {1, [](UltrasoundRegion& r) { r.box.reset(); }, "no box"},
           {1, [](UltrasoundRegion& r) { r.box->right = r.box->left; }, "empty box"},
           {1, [](UltrasoundRegion& r) { r.box->right = r.box->left + 50; }, "too narrow"},
           {2, [](UltrasoundRegion& r) { r.deltaX = 0.021; }, "not square"},
           {2, [](UltrasoundRegion& r) { r.deltaX = r.deltaY = 0.2; }, "500 mm from top to bottom"},
           {2, [](UltrasoundRegion& r) { r.unitsX = RegionUnits::kNone; }, "units none by cm"},
           {2, [](UltrasoundRegion& r) { r.box->bottom = 4294967295; }, "another picture size"}}) {
    DicomDescription file = sampleFile();
    c.spoil(file.regions[static_cast<std::size_t>(c.region - 1)]);
    EXPECT_THAT(faultOf(file),
                AllOf(HasSubstr("a.dcm, region " + std::to_string(c.region)), HasSubstr(c.said)));
  }
}

TEST(DicomProfile, NegativeDeltasOfATissuePictureAreOnlyASign) {
  DicomDescription file = sampleFile();
  file.regions[1].deltaX = -0.02;
  EXPECT_DOUBLE_EQ(profileOf(file).bmode->mmPerPixel, 0.2);
}

TEST(DicomProfile, RefusesAFileWithoutUsableRegions) {
  DicomDescription file = sampleFile();
  file.regions.clear();
  EXPECT_THAT(faultOf(file), HasSubstr("no region"));
  file = sampleFile();
  file.regions.erase(file.regions.begin());
  EXPECT_FALSE(profileOf(file, {}).doppler);  // and no side of the heart is asked for
}

TEST(DicomProfile, IsWhatItsOwnRegionsGiveBack) {
  CalibrationProfile profile = profileOf(sampleFile());
  profile.doppler->baselineRow = 417.8125;
  profile.doppler->display = Display::kScroll;
  DicomDescription file = sampleFile();
  file.regions = regionsOfProfile(profile);
  const CalibrationProfile again = profileOf(file);
  EXPECT_EQ(again.doppler->region, profile.doppler->region);
  EXPECT_DOUBLE_EQ(again.doppler->baselineRow, 417.8125);
  EXPECT_DOUBLE_EQ(again.doppler->cmPerSPerPixel, profile.doppler->cmPerSPerPixel);
  EXPECT_EQ(again.doppler->display, Display::kScroll);
  EXPECT_EQ(again.doppler->prfHz, 4000);
  EXPECT_DOUBLE_EQ(again.bmode->mmPerPixel, 0.2);
}

}  // namespace
}  // namespace soleus
