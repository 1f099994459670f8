#include "tools/soleus/calibrate.h"

namespace soleus {

Result<Calibration> calibrateDicom(const CalibrateOptions& options) {
  return Error{ErrorKind::kBadInput, options.input, "cannot be calibrated yet", "a DICOM file", "a video"};
}

}  // namespace soleus
