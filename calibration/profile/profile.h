/// The calibration profile (schema soleus.calibration/1): YAML in, checked struct out.
#pragma once

#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Reads and checks the profile at `path`. Errors name file, line and key: unknown or missing key, value out
/// of range, region outside the screen, baseline far from the region.
Result<CalibrationProfile> loadProfile(const std::string& path);

/// The same for a text already in memory; `name` stands for the file in messages.
Result<CalibrationProfile> parseProfile(const std::string& text, const std::string& name);

/// The YAML of a profile, readable by parseProfile; every number to full precision. Ignores `profile.yaml`.
std::string profileYaml(const CalibrationProfile& profile);

}  // namespace soleus
