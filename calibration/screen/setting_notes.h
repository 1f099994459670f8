/// Sentences on settings that a screen prints and that a profile does not have from there.
#pragma once

#include <string>
#include <vector>

#include "calibration/screen/screen_reading.h"
#include "calibration/screen/settle_profile.h"

namespace soleus {

/// A sentence for each setting that was read too unsurely to be taken, with the option that supplies it. The
/// angle is not among them: without it there is no profile.
std::vector<std::string> unsureSettings(const PrintedSettings& printed, const SuppliedValues& supplied);

/// A sentence for each value of `supplied` that the screen contradicts: settings, and by the axis' numbers
/// the range of velocities. `doppler`: of the profile.
std::vector<std::string> overruledValues(const ScreenFindings& found, const SuppliedValues& supplied,
                                         const DopplerCalibration& doppler);

}  // namespace soleus
