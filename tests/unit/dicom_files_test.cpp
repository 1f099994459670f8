#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/dicom_writer.h"
#include "calibration/dicom/frame_times.h"
#include "tests/unit/dicom_sample.h"

namespace soleus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DicomFiles : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  /// Frames of bytes that nobody decodes here, at these times.
  Status write(const std::vector<double>& timesMs) {
    DicomClip clip;
    clip.width = 800;
    clip.height = 600;
    clip.frameTimeMs = 40;
    clip.regions = sampleFile().regions;
    clip.patientName = "Fictitious^Flora";
    clip.patientId = "F-1";
    auto writer = DicomWriter::create(path_, clip);
    if (!writer.ok()) return writer.error();
    const std::vector<std::uint8_t> bytes(10, 7);
    for (const double ms : timesMs)
      if (const Status added = writer.value()->addJpeg(bytes, SessionTime::fromSeconds(ms * 1e-3));
          !added.ok())
        return added;
    return writer.value()->finish();
  }

  const std::string path_ =
      testing::TempDir() + "soleus_" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".dcm";
};

TEST_F(DicomFiles, SayWhatWasWritten) {
  const Status written = write({0, 40, 80});
  ASSERT_TRUE(written.ok()) << written.error().sentence();
  const auto file = DicomFile::open(path_);
  ASSERT_TRUE(file.ok()) << file.error().sentence();
  const DicomDescription& dicom = file.value()->description();
  EXPECT_EQ(dicom.transferSyntax, "JPEG Baseline");
  EXPECT_EQ(dicom.photometricInterpretation, "YBR_FULL_422");
  EXPECT_EQ(dicom.width, 800);
  EXPECT_EQ(dicom.height, 600);
  EXPECT_EQ(dicom.frames, 3);
  EXPECT_EQ(dicom.identityBurnedIn, true);
  EXPECT_EQ(dicom.cine.frameTimeMs, 40);
  EXPECT_EQ(dicom.cine.pointer, CineModule::Pointer::kFrameTime);
  ASSERT_EQ(dicom.regions.size(), 2U);
  const UltrasoundRegion& spectrum = dicom.regions[0];
  EXPECT_EQ(spectrum.format, SpatialFormat::kSpectral);
  EXPECT_EQ(spectrum.data, RegionData::kPw);
  EXPECT_EQ(spectrum.motion(), UltrasoundRegion::Motion::kSweep);
  EXPECT_EQ(spectrum.box->left, 100);
  EXPECT_EQ(spectrum.box->bottom, 499);
  EXPECT_EQ(spectrum.unitsY, RegionUnits::kCmPerSecond);
  EXPECT_EQ(spectrum.deltaX, 0.01);
  EXPECT_EQ(spectrum.deltaY, -0.5);
  EXPECT_EQ(spectrum.referencePixelY, 120);
  EXPECT_EQ(spectrum.referenceValueY, 0);
  EXPECT_FALSE(spectrum.referencePixelX);
  EXPECT_EQ(spectrum.transducerFrequencyKHz, 5000);
  EXPECT_EQ(spectrum.prfHz, 4000);
  EXPECT_EQ(spectrum.correctionAngleDegrees, 60);
  EXPECT_FALSE(spectrum.steeringAngleDegrees);
}

TEST_F(DicomFiles, DateUnevenFramesOneByOne) {
  ASSERT_TRUE(write({0, 40, 120, 160}).ok());
  const auto file = DicomFile::open(path_);
  ASSERT_TRUE(file.ok());
  const CineModule& cine = file.value()->description().cine;
  EXPECT_EQ(cine.pointer, CineModule::Pointer::kFrameTimeVector);
  EXPECT_THAT(cine.frameTimeVectorMs, ElementsAre(0, 40, 80, 40));
  EXPECT_EQ(frameTimes(cine, 4, path_).value().starts.back().ns, 160'000'000);
}

TEST_F(DicomFiles, WithoutFramesAreNotWritten) {
  EXPECT_FALSE(write({}).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(DicomFiles, AFrameThatIsNoPictureIsNamed) {
  ASSERT_TRUE(write({0, 40}).ok());
  const auto file = DicomFile::open(path_);
  cv::Mat rgb;
  const Status read = file.value()->readFrame(1, rgb);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(read.error().sentence(), HasSubstr("cannot be decoded"));
  EXPECT_FALSE(file.value()->readFrame(2, rgb).ok());
  EXPECT_FALSE(file.value()->readFrame(-1, rgb).ok());
}

TEST_F(DicomFiles, OtherFilesAreRefused) {
  std::ofstream(path_) << "schema: soleus.calibration/1\n";
  const auto file = DicomFile::open(path_);
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().sentence(), HasSubstr("cannot be read as DICOM"));
  EXPECT_FALSE(DicomFile::open(path_ + ".absent").ok());
}

}  // namespace
}  // namespace soleus
