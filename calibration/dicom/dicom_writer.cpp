#include "calibration/dicom/dicom_writer.h"

#include "calibration/dicom/dicom_module.h"

namespace soleus {

Result<std::unique_ptr<DicomWriter>> DicomWriter::create(const std::string& path, const DicomClip& clip) {
  const auto module = dicomModule(path);
  if (!module.ok()) return module.error();
  return module.value()->create(path, clip);
}

}  // namespace soleus
