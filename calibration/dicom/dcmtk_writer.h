/// DicomWriter by means of DCMTK.
#pragma once

#include <memory>
#include <string>

#include "calibration/dicom/dicom_writer.h"

namespace soleus {

/// As DicomWriter::create().
Result<std::unique_ptr<DicomWriter>> createWithDcmtk(const std::string& path, const DicomClip& clip);

}  // namespace soleus
