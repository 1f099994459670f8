/// The scale of the B-mode picture from what was found on a screen.
#pragma once

#include <optional>

#include "calibration/screen/screen_reading.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// Millimetres per pixel of the B-mode picture; nothing where its numbers do not tell a depth that begins at
/// its top, leave it open by more than a percent, or do not tell their unit.
std::optional<BmodeCalibration> depthScale(const ScreenFindings& found);

}  // namespace soleus
