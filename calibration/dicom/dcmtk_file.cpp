#include "calibration/dicom/dcmtk_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cctype>

#include "calibration/dicom/dcmtk_codecs.h"
#include "calibration/dicom/dcmtk_picture.h"
#include "pipeline/core/extents.h"

namespace soleus {
namespace {

// All that is ever asked of a file is in the functions from here to describe(), and in DcmtkPicture. None of
// it is on the list of PS3.15, table E.1-1 (basic application level confidentiality profile).

template <class Number>
std::optional<Number> numberOf(DcmItem& item, const DcmTagKey& tag) {
  Number value{};
  OFCondition found = EC_TagNotFound;
  if constexpr (std::is_same_v<Number, Uint16>) found = item.findAndGetUint16(tag, value);
  if constexpr (std::is_same_v<Number, Uint32>) found = item.findAndGetUint32(tag, value);
  if constexpr (std::is_same_v<Number, Sint32>) found = item.findAndGetSint32(tag, value);
  if constexpr (std::is_same_v<Number, Float64>) found = item.findAndGetFloat64(tag, value);
  if (found.bad()) return std::nullopt;
  return value;
}

std::optional<double> wholeAsDouble(const std::optional<Uint32>& value) {
  if (!value) return std::nullopt;
  return *value;
}

std::string textOf(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFString(tag, value).bad()) return {};
  return {value.c_str(), value.length()};
}

/// A code string, without what no code holds.
std::string codeOf(DcmItem& item, const DcmTagKey& tag) {
  std::string code = textOf(item, tag);
  std::erase_if(code,
                [](unsigned char c) { return !std::isupper(c) && !std::isdigit(c) && c != '_' && c != ' '; });
  return code;
}

UltrasoundRegion readRegion(DcmItem& item) {
  UltrasoundRegion region;
  region.format = static_cast<SpatialFormat>(numberOf<Uint16>(item, DCM_RegionSpatialFormat).value_or(0));
  region.data = static_cast<RegionData>(numberOf<Uint16>(item, DCM_RegionDataType).value_or(0));
  region.flags = numberOf<Uint32>(item, DCM_RegionFlags).value_or(0);
  const auto left = numberOf<Uint32>(item, DCM_RegionLocationMinX0);
  const auto top = numberOf<Uint32>(item, DCM_RegionLocationMinY0);
  const auto right = numberOf<Uint32>(item, DCM_RegionLocationMaxX1);
  const auto bottom = numberOf<Uint32>(item, DCM_RegionLocationMaxY1);
  if (left && top && right && bottom) region.box = UltrasoundRegion::Box{*left, *top, *right, *bottom};
  region.referencePixelX = numberOf<Sint32>(item, DCM_ReferencePixelX0);
  region.referencePixelY = numberOf<Sint32>(item, DCM_ReferencePixelY0);
  region.unitsX = static_cast<RegionUnits>(numberOf<Uint16>(item, DCM_PhysicalUnitsXDirection).value_or(0));
  region.unitsY = static_cast<RegionUnits>(numberOf<Uint16>(item, DCM_PhysicalUnitsYDirection).value_or(0));
  region.referenceValueX = numberOf<Float64>(item, DCM_ReferencePixelPhysicalValueX);
  region.referenceValueY = numberOf<Float64>(item, DCM_ReferencePixelPhysicalValueY);
  region.deltaX = numberOf<Float64>(item, DCM_PhysicalDeltaX);
  region.deltaY = numberOf<Float64>(item, DCM_PhysicalDeltaY);
  region.transducerFrequencyKHz = wholeAsDouble(numberOf<Uint32>(item, DCM_TransducerFrequency));
  region.prfHz = wholeAsDouble(numberOf<Uint32>(item, DCM_PulseRepetitionFrequency));
  region.correctionAngleDegrees = numberOf<Float64>(item, DCM_DopplerCorrectionAngle);
  region.steeringAngleDegrees = numberOf<Float64>(item, DCM_SteeringAngle);
  region.sampleVolumeX = numberOf<Sint32>(item, DCM_DopplerSampleVolumeXPosition);
  region.sampleVolumeY = numberOf<Sint32>(item, DCM_DopplerSampleVolumeYPosition);
  return region;
}

CineModule readCine(DcmItem& dataset) {
  CineModule cine;
  DcmElement* pointer = nullptr;
  DcmTagKey tag;
  if (dataset.findAndGetElement(DCM_FrameIncrementPointer, pointer).good() &&
      pointer->getTagVal(tag).good()) {
    if (tag == DCM_FrameTime) cine.pointer = CineModule::Pointer::kFrameTime;
    if (tag == DCM_FrameTimeVector) cine.pointer = CineModule::Pointer::kFrameTimeVector;
  }
  cine.frameTimeMs = numberOf<Float64>(dataset, DCM_FrameTime);
  DcmElement* vector = nullptr;
  if (dataset.findAndGetElement(DCM_FrameTimeVector, vector).good()) {
    Float64 ms = 0;
    for (unsigned long n = 0; n < vector->getVM() && vector->getFloat64(ms, n).good(); ++n)
      cine.frameTimeVectorMs.push_back(ms);
  }
  if (const auto rate = numberOf<Sint32>(dataset, DCM_CineRate)) cine.cineRateHz = *rate;
  if (const auto rate = numberOf<Sint32>(dataset, DCM_RecommendedDisplayFrameRate))
    cine.displayRateHz = *rate;
  return cine;
}

DicomDescription describe(DcmDataset& dataset) {
  DicomDescription dicom;
  dicom.transferSyntax = DcmXfer(dataset.getOriginalXfer()).getXferName();
  dicom.photometricInterpretation = codeOf(dataset, DCM_PhotometricInterpretation);
  dicom.width = numberOf<Uint16>(dataset, DCM_Columns).value_or(0);
  dicom.height = numberOf<Uint16>(dataset, DCM_Rows).value_or(0);
  dicom.frames = numberOf<Sint32>(dataset, DCM_NumberOfFrames).value_or(1);
  dicom.cine = readCine(dataset);
  const std::string burnedIn = textOf(dataset, DCM_BurnedInAnnotation);
  if (burnedIn == "YES" || burnedIn == "NO") dicom.identityBurnedIn = burnedIn == "YES";
  DcmSequenceOfItems* sequence = nullptr;
  if (dataset.findAndGetSequence(DCM_SequenceOfUltrasoundRegions, sequence).good()) {
    for (unsigned long n = 0; n < sequence->card(); ++n)
      dicom.regions.push_back(readRegion(*sequence->getItem(n)));
  }
  return dicom;
}

class OpenFile final : public DicomFile {
 public:
  explicit OpenFile(std::string path) : path_(std::move(path)) {}

  Status load() {
    const OFCondition loaded = file_.loadFile(path_.c_str());
    if (loaded.bad())
      return Error{ErrorKind::kBadInput, path_, "cannot be read as DICOM", loaded.text(),
                   "a whole DICOM file"};
    DcmDataset& dataset = *file_.getDataset();
    description_ = describe(dataset);
    const DicomDescription& dicom = description_;
    if (dicom.width < 2 || dicom.height < 2 || std::max(dicom.width, dicom.height) > kMostExtentPx ||
        dicom.frames < 1 || !dataset.tagExists(DCM_PixelData)) {
      return Error{ErrorKind::kBadInput, path_, "holds no picture",
                   std::to_string(dicom.width) + " x " + std::to_string(dicom.height) + " pixels, " +
                       std::to_string(dicom.frames) + " frames" +
                       (dataset.tagExists(DCM_PixelData) ? "" : ", no pixel data"),
                   "a picture of at least 2 x 2 pixels"};
    }
    return Done{};
  }

  [[nodiscard]] const DicomDescription& description() const override { return description_; }

  Status readFrame(std::int64_t number, cv::Mat& rgb) override {
    if (!picture_) picture_ = std::make_unique<DcmtkPicture>(*file_.getDataset(), description_, path_);
    return picture_->read(number, rgb);
  }

 private:
  const std::string path_;
  DcmFileFormat file_;
  DicomDescription description_;
  std::unique_ptr<DcmtkPicture> picture_;  // made with the first frame
};

}  // namespace

Result<std::unique_ptr<DicomFile>> openWithDcmtk(const std::string& path) {
  if (!prepareDcmtk()) {
    return Error{ErrorKind::kBadInput, path, "cannot be read", "no data dictionary of DCMTK",
                 "its package to be installed whole"};
  }
  auto file = std::make_unique<OpenFile>(path);
  if (const Status loaded = file->load(); !loaded.ok()) return loaded.error();
  return std::unique_ptr<DicomFile>(std::move(file));
}

}  // namespace soleus
