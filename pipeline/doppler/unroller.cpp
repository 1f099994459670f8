#include "pipeline/doppler/unroller.h"

#include "pipeline/doppler/scroll_unroller.h"
#include "pipeline/doppler/sweep_unroller.h"

namespace soleus {

std::unique_ptr<StripUnroller> makeUnroller(const DopplerCalibration& calibration) {
  if (calibration.display == Display::kSweep) return std::make_unique<SweepUnroller>(calibration);
  return std::make_unique<ScrollUnroller>(calibration);
}

}  // namespace soleus
