/// Writes a clip as a scanner exports it: Ultrasound Multi-frame Image, JPEG baseline.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "calibration/dicom/ultrasound_region.h"
#include "pipeline/core/result.h"
#include "pipeline/core/time.h"

namespace soleus {

/// What the file says beside its frames.
struct DicomClip {
  int width = 0;
  int height = 0;
  double frameTimeMs = 0;  ///< nominal; frames that keep to it are dated by it alone
  std::vector<UltrasoundRegion> regions;
  std::string patientName;  ///< UTF-8, as "Family^Given"
  std::string patientId;
  std::string description;  ///< of the series
  /// Makes the file's identifiers: the same text, the same identifiers.
  std::string identifierSeed;
};

/// One file being written. One thread at a time.
class DicomWriter {
 public:
  /// `path` is only written by finish(). Errors (kStorage): DCMTK is not installed whole.
  static Result<std::unique_ptr<DicomWriter>> create(const std::string& path, const DicomClip& clip);
  virtual ~DicomWriter() = default;

  /// The next frame: a whole JPEG file of YBR with its chroma halved across (4:2:2), kept in memory until
  /// finish(). Errors (kStorage): of DCMTK.
  virtual Status addJpeg(std::span<const std::uint8_t> jpeg, SessionTime time) = 0;

  /// Writes the file. Errors (kStorage): no frame; the disk's.
  virtual Status finish() = 0;
};

}  // namespace soleus
