/// Whether a profile belongs to the picture that was measured with it.
#pragma once

#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Compares zero velocity of the profile with the line that the scanner draws there, if it draws one. Errors
/// (kBadInput): they lie apart; `profileName` names the profile. Also those of reading the session.
Status checkBaseline(const std::string& session, const DopplerCalibration& doppler,
                     const std::string& profileName);

}  // namespace soleus
