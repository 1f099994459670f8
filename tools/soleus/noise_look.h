/// A first look at the noise of a recording, for what its profile leaves open.
#pragma once

#include "pipeline/core/calibration.h"
#include "tools/soleus/measure.h"

namespace soleus {

/// `profile` with the dynamic range that the speckle of the recording's first 20 s shows, marked as
/// estimated; as it is where it names one, has no spectrum, or too little noise is seen. Measures into
/// `job.sessionPath`, which is overwritten. Errors: of the measuring.
Result<CalibrationProfile> withDynamicRange(const CalibrationProfile& profile, const MeasureJob& job);

}  // namespace soleus
