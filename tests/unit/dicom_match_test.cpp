#include <gmock/gmock.h>

#include "calibration/dicom/profile_match.h"
#include "tests/unit/dicom_sample.h"

namespace soleus {
namespace {

using testing::HasSubstr;

CalibrationProfile ownProfile() {
  return profileOfRegions(sampleFile(), upward(), "a.dcm").value().profile;
}

std::string verdict(const DicomDescription& file, const CalibrationProfile& profile) {
  const Status status = matchProfile(file, profile, "p.yaml");
  return status.ok() ? "fits" : status.error().sentence();
}

TEST(ProfileMatch, AcceptsTheFilesOwnAndASmallerRegion) {
  EXPECT_EQ(verdict(sampleFile(), ownProfile()), "fits");
  CalibrationProfile inner = ownProfile();
  inner.doppler->region = {104, 302, 390, 190};
  EXPECT_EQ(verdict(sampleFile(), inner), "fits");
  inner.doppler->towardHeart = Side::kDown;  // of which no file knows anything
  EXPECT_EQ(verdict(sampleFile(), inner), "fits");
}

TEST(ProfileMatch, RefusesWhatTheFileContradicts) {
  using Spoil = void (*)(CalibrationProfile&);
  struct Case {
    Spoil spoil;
    const char* said;
  };
  for (const Case& c : std::initializer_list<Case>{
           {[](CalibrationProfile& p) { p.doppler->cmPerSPerPixel *= 1.02; }, "cm/s per pixel 0.51"},
           {[](CalibrationProfile& p) { p.doppler->angleCorrected = false; }, "cm/s per pixel 1"},
           {[](CalibrationProfile& p) { p.doppler->secondsPerPixel *= 0.97; }, "seconds per pixel"},
           {[](CalibrationProfile& p) { p.doppler->baselineRow += 1.5; }, "baseline row 422"},
           {[](CalibrationProfile& p) { p.doppler->region.x -= 10; }, "region x 90"},
           {[](CalibrationProfile& p) { p.bmode->mmPerPixel = 0.21; }, "mm per pixel 0.21"}}) {
    CalibrationProfile profile = ownProfile();
    c.spoil(profile);
    EXPECT_THAT(verdict(sampleFile(), profile), HasSubstr(c.said));
  }
}

TEST(ProfileMatch, OneOfSeveralIsEnough) {
  DicomDescription file = sampleFile();
  file.regions.push_back(file.regions[0]);
  file.regions[0].deltaY = -0.7;
  EXPECT_EQ(verdict(file, ownProfile()), "fits");
  file.regions[2].deltaY = -0.8;
  EXPECT_THAT(verdict(file, ownProfile()), HasSubstr("0.7, as the file says"));
}

TEST(ProfileMatch, AFileThatSaysNothingFitsAll) {
  DicomDescription file = sampleFile();
  file.regions[0].unitsY = RegionUnits::kNone;
  file.regions[1].box->right = 2000;
  EXPECT_EQ(verdict(file, ownProfile()), "fits");
}

}  // namespace
}  // namespace soleus
