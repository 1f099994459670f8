/// The part of the program that knows DCMTK, loaded when a DICOM file is first asked for.
#pragma once

#include <memory>
#include <string>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/dicom_writer.h"
#include "pipeline/core/result.h"

namespace soleus {

/// What the module exports, under the name kDicomModuleSymbol.
struct DicomModule {
  Result<std::unique_ptr<DicomFile>> (*open)(const std::string& path);
  Result<std::unique_ptr<DicomWriter>> (*create)(const std::string& path, const DicomClip& clip);
};

inline constexpr const char* kDicomModuleFile = "libsoleus_dcmtk.so";
inline constexpr const char* kDicomModuleSymbol = "soleusDicomModule";

/// Loads the module once and for the rest of the program's life; any thread. Errors (kBadInput, `where` is
/// `file`): it is not installed beside the program.
Result<const DicomModule*> dicomModule(const std::string& file);

}  // namespace soleus
