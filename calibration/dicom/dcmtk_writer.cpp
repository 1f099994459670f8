#include "calibration/dicom/dcmtk_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cmath>
#include <iomanip>
#include <sstream>
#include <string_view>

#include "calibration/dicom/dcmtk_codecs.h"

namespace soleus {
namespace {

// A stamp in whole nanoseconds is off by less than this from an even step.
constexpr double kEvenMs = 1e-3;

/// A decimal string: 16 characters are the most that the standard allows.
std::string decimal(double value) {
  for (int digits = 15;; --digits) {
    std::ostringstream out;
    out << std::setprecision(digits) << value;
    if (out.str().size() <= 16) return out.str();
  }
}

/// A UID under the root for UUIDs, the number a hash (FNV-1a) of `seed` and `role`.
std::string uid(const std::string& seed, const std::string& role) {
  std::uint64_t hash = 14695981039346656037U;
  for (const std::string_view text : {std::string_view(seed), std::string_view(role)}) {
    for (const char letter : text) {
      hash ^= static_cast<unsigned char>(letter);
      hash *= 1099511628211U;
    }
  }
  return "2.25." + std::to_string(hash);
}

/// Puts values in and remembers whether one could not be.
class Putter {
 public:
  explicit Putter(DcmItem& item) : item_(item) {}
  void text(const DcmTagKey& tag, const std::string& value) {
    note(item_.putAndInsertOFStringArray(tag, value.c_str()));
  }
  void word(const DcmTagKey& tag, int value) {
    note(item_.putAndInsertUint16(tag, static_cast<Uint16>(value)));
  }
  void whole(const DcmTagKey& tag, std::int64_t value) {
    note(item_.putAndInsertUint32(tag, static_cast<Uint32>(value)));
  }
  void offset(const DcmTagKey& tag, const std::optional<std::int64_t>& value) {
    if (value) note(item_.putAndInsertSint32(tag, static_cast<Sint32>(*value)));
  }
  void real(const DcmTagKey& tag, const std::optional<double>& value) {
    if (value) note(item_.putAndInsertFloat64(tag, *value));
  }
  void note(const OFCondition& done) {
    if (done.bad() && fault_.empty()) fault_ = done.text();
  }
  void note(const std::string& fault) {
    if (fault_.empty()) fault_ = fault;
  }
  /// Of the first that could not be put; empty where all could.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  DcmItem& item_;
  std::string fault_;
};

std::string putRegion(DcmItem& item, const UltrasoundRegion& region) {
  Putter put(item);
  put.word(DCM_RegionSpatialFormat, static_cast<int>(region.format));
  put.word(DCM_RegionDataType, static_cast<int>(region.data));
  put.whole(DCM_RegionFlags, region.flags);
  const UltrasoundRegion::Box box = region.box.value_or(UltrasoundRegion::Box{});
  put.whole(DCM_RegionLocationMinX0, box.left);
  put.whole(DCM_RegionLocationMinY0, box.top);
  put.whole(DCM_RegionLocationMaxX1, box.right);
  put.whole(DCM_RegionLocationMaxY1, box.bottom);
  put.offset(DCM_ReferencePixelX0, region.referencePixelX);
  put.offset(DCM_ReferencePixelY0, region.referencePixelY);
  put.word(DCM_PhysicalUnitsXDirection, static_cast<int>(region.unitsX));
  put.word(DCM_PhysicalUnitsYDirection, static_cast<int>(region.unitsY));
  put.real(DCM_ReferencePixelPhysicalValueX, region.referenceValueX);
  put.real(DCM_ReferencePixelPhysicalValueY, region.referenceValueY);
  put.real(DCM_PhysicalDeltaX, region.deltaX);
  put.real(DCM_PhysicalDeltaY, region.deltaY);
  if (region.transducerFrequencyKHz)
    put.whole(DCM_TransducerFrequency, std::llround(*region.transducerFrequencyKHz));
  if (region.prfHz) put.whole(DCM_PulseRepetitionFrequency, std::llround(*region.prfHz));
  put.real(DCM_DopplerCorrectionAngle, region.correctionAngleDegrees);
  return put.fault();
}

/// The modules of PS3.3, A.7 (Ultrasound Multi-frame Image), but for what depends on the frames.
std::string putClip(DcmDataset& dataset, const DicomClip& clip) {
  Putter put(dataset);
  put.text(DCM_SpecificCharacterSet, "ISO_IR 192");
  put.text(DCM_ImageType, "ORIGINAL\\PRIMARY");
  put.text(DCM_SOPClassUID, UID_UltrasoundMultiframeImageStorage);
  put.text(DCM_SOPInstanceUID, uid(clip.identifierSeed, "instance"));
  for (const DcmTagKey& tag :
       {DCM_StudyDate, DCM_StudyTime, DCM_AccessionNumber, DCM_ReferringPhysicianName, DCM_PatientBirthDate,
        DCM_PatientSex, DCM_StudyID, DCM_PatientOrientation, DCM_Laterality})
    put.note(dataset.insertEmptyElement(tag));
  put.text(DCM_Modality, "US");
  put.text(DCM_Manufacturer, "Soleus digital phantom");
  put.text(DCM_SeriesDescription, clip.description.substr(0, 64));
  put.text(DCM_PatientName, clip.patientName);
  put.text(DCM_PatientID, clip.patientId);
  put.text(DCM_StudyInstanceUID, uid(clip.identifierSeed, "study"));
  put.text(DCM_SeriesInstanceUID, uid(clip.identifierSeed, "series"));
  put.text(DCM_SeriesNumber, "1");
  put.text(DCM_InstanceNumber, "1");
  put.word(DCM_SamplesPerPixel, 3);
  put.text(DCM_PhotometricInterpretation, "YBR_FULL_422");
  put.word(DCM_PlanarConfiguration, 0);
  put.word(DCM_Rows, clip.height);
  put.word(DCM_Columns, clip.width);
  put.word(DCM_BitsAllocated, 8);
  put.word(DCM_BitsStored, 8);
  put.word(DCM_HighBit, 7);
  put.word(DCM_PixelRepresentation, 0);
  put.text(DCM_BurnedInAnnotation, "YES");
  put.text(DCM_LossyImageCompression, "01");
  put.text(DCM_LossyImageCompressionMethod, "ISO_10918_1");
  for (const UltrasoundRegion& region : clip.regions) {
    DcmItem* item = nullptr;
    put.note(dataset.findOrCreateSequenceItem(DCM_SequenceOfUltrasoundRegions, item, -2));
    if (item != nullptr) put.note(putRegion(*item, region));
  }
  return put.fault();
}

class FileWriter final : public DicomWriter {
 public:
  FileWriter(std::string path, DicomClip clip)
      : path_(std::move(path)), clip_(std::move(clip)), pixels_(new DcmPixelSequence(DCM_PixelSequenceTag)) {
    offsets_ = new DcmPixelItem(DCM_PixelItemTag);
    pixels_->insert(offsets_);  // which owns it from here on
  }

  Status addJpeg(std::span<const std::uint8_t> jpeg, SessionTime time) override {
    // DCMTK copies the bytes; that it takes them as its own to change is a slip of its interface.
    const auto stored = pixels_->storeCompressedFrame(frames_, const_cast<Uint8*>(jpeg.data()),
                                                      static_cast<Uint32>(jpeg.size()), 0);
    if (stored.bad()) return fault(stored.text());
    bytes_ += jpeg.size();
    times_.push_back(time);
    return Done{};
  }

  Status finish() override {
    if (times_.empty())
      return Error{ErrorKind::kStorage, path_, "cannot be written", "no frame", "at least one"};
    DcmFileFormat file;
    DcmDataset& dataset = *file.getDataset();
    Putter put(dataset);
    put.note(putClip(dataset, clip_));
    put.note(putFrames(dataset));
    if (put.fault().empty()) put.note(file.saveFile(path_.c_str(), EXS_JPEGProcess1));
    if (!put.fault().empty()) return fault(put.fault());
    return Done{};
  }

 private:
  [[nodiscard]] Error fault(const std::string& found) const {
    return {ErrorKind::kStorage, path_, "cannot be written", found, ""};
  }

  std::string putFrames(DcmDataset& dataset) {
    Putter put(dataset);
    put.text(DCM_NumberOfFrames, std::to_string(times_.size()));
    const double raw = 3.0 * clip_.width * clip_.height * static_cast<double>(times_.size());
    put.text(DCM_LossyImageCompressionRatio, decimal(raw / static_cast<double>(bytes_)));
    if (isEven()) {
      put.text(DCM_FrameTime, decimal(clip_.frameTimeMs));
      put.note(dataset.putAndInsertTagKey(DCM_FrameIncrementPointer, DCM_FrameTime));
    } else {
      std::string steps = "0";
      for (std::size_t n = 1; n < times_.size(); ++n)
        steps += "\\" + decimal((times_[n] - times_[n - 1]).seconds() * 1e3);
      put.text(DCM_FrameTimeVector, steps);
      put.note(dataset.putAndInsertTagKey(DCM_FrameIncrementPointer, DCM_FrameTimeVector));
    }
    put.note(offsets_->createOffsetTable(frames_));
    auto data = std::make_unique<DcmPixelData>(DCM_PixelData);
    data->putOriginalRepresentation(EXS_JPEGProcess1, nullptr, pixels_.release());
    put.note(dataset.insert(data.release(), OFTrue));
    return put.fault();
  }

  [[nodiscard]] bool isEven() const {
    for (std::size_t n = 0; n < times_.size(); ++n) {
      const double ms = (times_[n] - times_.front()).seconds() * 1e3;
      if (std::abs(ms - static_cast<double>(n) * clip_.frameTimeMs) > kEvenMs) return false;
    }
    return true;
  }

  const std::string path_;
  const DicomClip clip_;
  std::unique_ptr<DcmPixelSequence> pixels_;
  DcmPixelItem* offsets_ = nullptr;  // the first item of `pixels_`
  DcmOffsetList frames_;
  std::size_t bytes_ = 0;
  std::vector<SessionTime> times_;
};

}  // namespace

Result<std::unique_ptr<DicomWriter>> createWithDcmtk(const std::string& path, const DicomClip& clip) {
  if (!prepareDcmtk()) {
    return Error{ErrorKind::kStorage, path, "cannot be written", "no data dictionary of DCMTK",
                 "its package to be installed whole"};
  }
  return std::unique_ptr<DicomWriter>(std::make_unique<FileWriter>(path, clip));
}

}  // namespace soleus
