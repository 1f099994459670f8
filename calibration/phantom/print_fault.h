/// Whether what stands on a screen can be read.
#pragma once

#include <string>
#include <vector>

#include "calibration/phantom/screen_print.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// What a person would find wrong with it: text that runs off the screen, over other text or a tick, or into
/// a measured region. Empty if nothing is.
std::string printFault(const std::vector<ScreenMark>& marks, const CalibrationProfile& profile);

}  // namespace soleus
