/// The frames of an open DICOM file as pictures.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "calibration/dicom/ultrasound_region.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Decodes one frame at a time. Borrows the data set for its whole life.
class DcmtkPicture {
 public:
  DcmtkPicture(DcmDataset& dataset, const DicomDescription& description, std::string path);

  /// As DicomFile::readFrame().
  Status read(std::int64_t number, cv::Mat& rgb);

 private:
  Status unpack(std::int64_t number);
  Status checkHeader(DcmPixelData& pixels, std::int64_t number);
  Status unpackHalved(DcmPixelData& pixels, std::int64_t number);
  cv::Mat plain();
  [[nodiscard]] bool byPixel() const;
  Status render(cv::Mat& rgb);
  [[nodiscard]] Error refused(const std::string& what, const std::string& found,
                              const std::string& expected) const;

  [[nodiscard]] Error damaged(std::int64_t number, const std::string& found) const;

  DcmDataset& dataset_;
  const DicomDescription& description_;
  const std::string path_;
  DcmFileCache cache_;
  Uint32 fragment_ = 0;         ///< of compressed data: where the next frame begins
  bool onePerFrame_ = false;    ///< each frame is one fragment
  std::int64_t next_ = 0;       ///< the frame that begins there
  std::vector<Uint16> packed_;  ///< the frame's own bytes, decompressed; of words, as DCMTK wants them
  Uint32 packedBytes_ = 0;
  std::string colours_;  ///< photometric interpretation of those
};

}  // namespace soleus
