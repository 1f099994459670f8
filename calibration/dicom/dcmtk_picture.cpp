#include "calibration/dicom/dcmtk_picture.h"

#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmimage/diregist.h>
#include <dcmtk/dcmimgle/dcmimage.h>

#include <algorithm>
#include <opencv2/core.hpp>

#include "calibration/dicom/frame_header.h"
#include "calibration/dicom/palette_segments.h"

namespace soleus {
namespace {

bool isCompressed(const DcmDataset& dataset) {
  return DcmXfer(dataset.getOriginalXfer()).isEncapsulated();
}

/// A colour's table that stands there in segments, as a plain one.
void insertExpanded(DcmItem& from, const DcmTagKey& segments, const DcmTagKey& descriptor,
                    const DcmTagKey& table, DcmItem& to) {
  const Uint16* words = nullptr;
  unsigned long count = 0;
  Uint16 entries = 0;
  if (from.findAndGetUint16Array(segments, words, &count).bad() || words == nullptr ||
      from.findAndGetUint16(descriptor, entries).bad())
    return;
  constexpr std::size_t kMostEntries = 65536;  // which a word of 0 stands for
  if (const auto colours = expandPalette({words, count}, entries == 0 ? kMostEntries : entries))
    to.putAndInsertUint16Array(table, colours->data(), static_cast<unsigned long>(colours->size()));
}

}  // namespace

DcmtkPicture::DcmtkPicture(DcmDataset& dataset, const DicomDescription& description, std::string path)
    : dataset_(dataset), description_(description), path_(std::move(path)) {}

Error DcmtkPicture::refused(const std::string& what, const std::string& found,
                            const std::string& expected) const {
  return {ErrorKind::kBadInput, path_, what, found, expected};
}

Error DcmtkPicture::damaged(std::int64_t number, const std::string& found) const {
  return refused("its frame " + std::to_string(number + 1) + " cannot be decoded", found, "a whole frame");
}

Status DcmtkPicture::unpack(std::int64_t number) {
  DcmElement* element = nullptr;
  auto found = dataset_.findAndGetElement(DCM_PixelData, element);
  auto* pixels = found.good() ? dynamic_cast<DcmPixelData*>(element) : nullptr;
  if (pixels == nullptr) return refused("holds no pixel data", "", "a picture");
  if (isCompressed(dataset_) &&
      !DcmCodecList::canChangeCoding(dataset_.getOriginalXfer(), EXS_LittleEndianExplicit)) {
    return refused("is compressed in a way that cannot be decoded", description_.transferSyntax,
                   "uncompressed, RLE, JPEG or JPEG-LS");
  }
  Uint16 samples = 0;
  Uint16 bits = 0;
  dataset_.findAndGetUint16(DCM_SamplesPerPixel, samples);
  dataset_.findAndGetUint16(DCM_BitsAllocated, bits);
  if ((samples != 1 && samples != 3) || (bits != 8 && bits != 16)) {
    return refused("has pixels that are not of an ultrasound picture",
                   std::to_string(samples) + " samples of " + std::to_string(bits) + " bits",
                   "1 or 3 of 8 or 16");
  }
  colours_ = description_.photometricInterpretation;
  if (!isCompressed(dataset_) && colours_ == "YBR_FULL_422") return unpackHalved(*pixels, number);
  Uint32 bytes = 0;
  found = pixels->getUncompressedFrameSize(&dataset_, bytes);
  if (found.bad() || bytes == 0)
    return refused("does not say how large a frame is", found.text(), "its extents");
  packedBytes_ = bytes + (bytes & 1U);
  packed_.resize(packedBytes_ / 2);
  if (isCompressed(dataset_)) {
    if (const Status sound = checkHeader(*pixels, number); !sound.ok()) return sound;
  }
  OFString colours;
  found = pixels->getUncompressedFrame(&dataset_, static_cast<Uint32>(number), fragment_, packed_.data(),
                                       packedBytes_, colours, &cache_);
  next_ = number + 1;
  if (found.bad()) return damaged(number, found.text());
  if (!colours.empty()) colours_ = {colours.c_str(), colours.length()};
  return Done{};
}

Status DcmtkPicture::checkHeader(DcmPixelData& pixels, std::int64_t number) {
  const E_TransferSyntax syntax = dataset_.getOriginalXfer();
  DcmPixelSequence* sequence = nullptr;
  if (pixels.getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() || sequence == nullptr)
    return damaged(number, "no fragments");
  // The first item is the offset table.
  const auto frames = static_cast<std::int64_t>(sequence->card()) - 1;
  onePerFrame_ = frames == description_.frames;
  if (onePerFrame_ || number == 0) fragment_ = static_cast<Uint32>(number + 1);
  const bool rle = syntax == EXS_RLELossless;
  // As PS3.5, A.4.2 wants it of RLE.
  if (rle && !onePerFrame_) return damaged(number, "another number of fragments than of frames");
  if (syntax == EXS_JPEGLSLossless || syntax == EXS_JPEGLSLossy) return Done{};
  DcmPixelItem* item = nullptr;
  Uint8* bytes = nullptr;
  if (sequence->getItem(item, fragment_).bad() || item->getUint8Array(bytes).bad() || bytes == nullptr)
    return damaged(number, "the end of the pixel data");
  const std::span<const std::uint8_t> fragment(bytes, item->getLength());
  if (rle ? hasSoundRleHeader(fragment) : hasSoundJpegHeader(fragment)) return Done{};
  return damaged(number, rle ? "a damaged RLE header" : "a damaged JPEG header");
}

/// Two pixels share their chroma. DCMTK 3.6.7 takes each pixel for three bytes and looks for frames in the
/// wrong place.
Status DcmtkPicture::unpackHalved(DcmPixelData& pixels, std::int64_t number) {
  constexpr std::int64_t kBytesPerPixel = 2;
  packedBytes_ = static_cast<Uint32>(kBytesPerPixel * description_.width * description_.height);
  packed_.resize(packedBytes_ / 2);
  const std::int64_t offset = number * packedBytes_;
  if (offset + packedBytes_ > pixels.getLength()) return damaged(number, "the end of the pixel data");
  const auto found =
      pixels.getPartialValue(packed_.data(), static_cast<Uint32>(offset), packedBytes_, &cache_);
  if (found.bad()) return damaged(number, found.text());
  return Done{};
}

/// The frame's bytes as they are, where they are a picture already; empty where they are not.
cv::Mat DcmtkPicture::plain() {
  Uint16 bits = 0;
  Uint16 planar = 0;
  dataset_.findAndGetUint16(DCM_BitsAllocated, bits);
  dataset_.findAndGetUint16(DCM_PlanarConfiguration, planar);
  const std::size_t bytes =
      3 * static_cast<std::size_t>(description_.width) * static_cast<std::size_t>(description_.height);
  if (colours_ != "RGB" || bits != 8 || (planar != 0 && !byPixel()) || packedBytes_ < bytes) return {};
  return {description_.height, description_.width, CV_8UC3, packed_.data()};
}

/// The JPEG decoders were told to give colour by pixel; the others keep the order that the file names.
bool DcmtkPicture::byPixel() const {
  return isCompressed(dataset_) && dataset_.getOriginalXfer() != EXS_RLELossless;
}

/// Lets DCMTK make colours out of the one frame, as a picture of its own.
Status DcmtkPicture::render(cv::Mat& rgb) {
  DcmDataset single;
  for (const DcmTagKey& tag :
       {DCM_SamplesPerPixel, DCM_Rows, DCM_Columns, DCM_BitsAllocated, DCM_BitsStored, DCM_HighBit,
        DCM_PixelRepresentation, DCM_PlanarConfiguration, DCM_RedPaletteColorLookupTableDescriptor,
        DCM_GreenPaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableDescriptor,
        DCM_RedPaletteColorLookupTableData, DCM_GreenPaletteColorLookupTableData,
        DCM_BluePaletteColorLookupTableData}) {
    dataset_.findAndInsertCopyOfElement(tag, &single);
  }
  insertExpanded(dataset_, DCM_SegmentedRedPaletteColorLookupTableData,
                 DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData, single);
  insertExpanded(dataset_, DCM_SegmentedGreenPaletteColorLookupTableData,
                 DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData, single);
  insertExpanded(dataset_, DCM_SegmentedBluePaletteColorLookupTableData,
                 DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData, single);
  if (byPixel()) single.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  single.putAndInsertString(DCM_PhotometricInterpretation, colours_.c_str());
  Uint16 bitsAllocated = 0;
  single.findAndGetUint16(DCM_BitsAllocated, bitsAllocated);
  const auto put = bitsAllocated > 8
                       ? single.putAndInsertUint16Array(DCM_PixelData, packed_.data(), packedBytes_ / 2)
                       : single.putAndInsertUint8Array(
                             DCM_PixelData, reinterpret_cast<Uint8*>(packed_.data()), packedBytes_);
  if (put.bad()) return refused("its frame cannot be decoded", put.text(), "a whole frame");
  DicomImage image(&single, EXS_LittleEndianExplicit);
  if (image.getStatus() != EIS_Normal) {
    return refused("its pixels cannot be turned into a picture",
                   colours_ + ": " + DicomImage::getString(image.getStatus()),
                   "MONOCHROME1, MONOCHROME2, RGB, YBR_FULL, YBR_FULL_422 or PALETTE COLOR");
  }
  const bool grey = image.isMonochrome() != 0;
  cv::Mat picture(description_.height, description_.width, grey ? CV_8UC1 : CV_8UC3);
  if (image.getOutputData(picture.data, static_cast<unsigned long>(picture.total() * picture.elemSize()),
                          8) == 0)
    return refused("its pixels cannot be turned into a picture", colours_, "8 bits of each colour");
  rgb = picture;
  if (grey) cv::merge(std::vector<cv::Mat>(3, picture), rgb);
  return Done{};
}

Status DcmtkPicture::read(std::int64_t number, cv::Mat& rgb) {
  if (number < 0 || number >= description_.frames)
    return refused("has no frame " + std::to_string(number + 1),
                   std::to_string(description_.frames) + " frames", "");
  // Where a frame in several fragments begins is known from the one before it alone.
  const bool inOrder = number == next_ || !isCompressed(dataset_) || onePerFrame_;
  for (std::int64_t earlier = inOrder ? number : 0; earlier <= number; ++earlier)
    if (const Status unpacked = unpack(earlier); !unpacked.ok()) return unpacked;
  if (const cv::Mat picture = plain(); !picture.empty()) {
    picture.copyTo(rgb);
    return Done{};
  }
  return render(rgb);
}

}  // namespace soleus
