/// A DICOM file: what it says of its picture, and its frames.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

#include "calibration/dicom/ultrasound_region.h"
#include "pipeline/core/result.h"

namespace soleus {

/// One file, open for reading. One thread at a time.
class DicomFile {
 public:
  /// Reads what DicomDescription holds and nothing else of the header. Errors (kBadInput): no DICOM file, one
  /// that is cut off or damaged, one without a picture.
  static Result<std::unique_ptr<DicomFile>> open(const std::string& path);
  virtual ~DicomFile() = default;

  [[nodiscard]] virtual const DicomDescription& description() const = 0;

  /// Decodes frame `number`, counted from 0, into `rgb`: CV_8UC3, red, green, blue, full range. Cheapest in
  /// order. Errors (kBadInput): a transfer syntax or palette that cannot be decoded, a damaged frame.
  virtual Status readFrame(std::int64_t number, cv::Mat& rgb) = 0;
};

}  // namespace soleus
