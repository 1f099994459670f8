/// Whether a profile is one for a DICOM file that says itself how it is calibrated.
#pragma once

#include <string>

#include "calibration/dicom/ultrasound_region.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Compares `profile` with the regions of its kind: scales within 1 %, the baseline within a pixel, its
/// region inside the file's. One that agrees is enough; regions from which nothing follows are left out, and
/// a file without any fits every profile. `profilePath` stands in messages. Errors (kBadInput): none of them
/// agrees.
Status matchProfile(const DicomDescription& dicom, const CalibrationProfile& profile,
                    const std::string& profilePath);

}  // namespace soleus
