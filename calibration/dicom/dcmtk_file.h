/// DicomFile by means of DCMTK.
#pragma once

#include <memory>
#include <string>

#include "calibration/dicom/dicom_file.h"

namespace soleus {

/// As DicomFile::open().
Result<std::unique_ptr<DicomFile>> openWithDcmtk(const std::string& path);

}  // namespace soleus
