#include "tools/soleus/calibrate.h"

namespace soleus {

Result<Calibration> calibrateScreen(const CalibrateOptions& options) {
  return Error{ErrorKind::kBadInput, options.input, "cannot be calibrated yet", "a video", "a DICOM file"};
}

}  // namespace soleus
