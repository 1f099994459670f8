#include "tools/soleus/calibrate.h"
#include "tools/soleus/input_file.h"

namespace soleus {

Result<Calibration> findCalibration(const CalibrateOptions& options) {
  const bool dicom = isDicom(options.input);
  const char* stray = nullptr;
  if (dicom) {
    if (options.region) stray = "--region";
    if (options.secondsPerPixel) stray = "--seconds-per-pixel";
    if (!options.scannerPath.empty()) stray = "--scanner";
  } else {
    if (!options.dicomRegions.empty()) stray = "--dicom-region";
    if (options.dicomSize) stray = "--dicom-size";
  }
  if (stray != nullptr) {
    return Error{ErrorKind::kUsage, stray, "does not go with this input", dicom ? "a DICOM file" : "a video",
                 dicom ? "a video" : "a DICOM file"};
  }
  return dicom ? calibrateDicom(options) : calibrateScreen(options);
}

}  // namespace soleus
