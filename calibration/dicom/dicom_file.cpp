#include "calibration/dicom/dicom_file.h"

#include "calibration/dicom/dicom_module.h"

namespace soleus {

Result<std::unique_ptr<DicomFile>> DicomFile::open(const std::string& path) {
  const auto module = dicomModule(path);
  if (!module.ok()) return module.error();
  return module.value()->open(path);
}

}  // namespace soleus
