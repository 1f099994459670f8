/// A calibration as a scanner would write it into its DICOM files.
#pragma once

#include <vector>

#include "calibration/dicom/ultrasound_region.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// The spectral (PW) and the B-mode region of `profile`, those it has; profileOfRegions() gives the same
/// calibration back. Velocities are written as positive upward, as of flow toward the transducer.
std::vector<UltrasoundRegion> regionsOfProfile(const CalibrationProfile& profile);

}  // namespace soleus
