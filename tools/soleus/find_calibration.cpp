#include "tools/soleus/calibrate.h"
#include "tools/soleus/input_file.h"

namespace soleus {

Result<Calibration> findCalibration(const CalibrateOptions& options) {
  return isDicom(options.input) ? calibrateDicom(options) : calibrateScreen(options);
}

}  // namespace soleus
