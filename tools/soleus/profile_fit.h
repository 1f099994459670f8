/// Whether a profile belongs to the picture that was measured with it.
#pragma once

#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Looks at the spectrum that was read from `lastedS` seconds of video. Errors (kBadInput), with
/// `profileName` for the profile: next to no columns, as with the wrong display or a region beside the strip;
/// zero velocity beside the line that the scanner draws there, if it draws one. Also those of reading the
/// session.
Status checkProfileFit(const std::string& session, const DopplerCalibration& doppler, double lastedS,
                       const std::string& profileName);

}  // namespace soleus
