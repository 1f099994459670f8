/// The measured delay of a source in a lab's set-up.
#pragma once

#include <optional>
#include <string>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/core/capture_delay.h"

namespace soleus {

/// `delay_s` and `delay_uncertainty_s`, both or neither: a delay is measured, not assumed.
std::optional<CaptureDelay> readDelay(YamlMap& map);

/// The same as YAML, with what comes before each line.
std::string delayYaml(const std::optional<CaptureDelay>& delay, const std::string& indent);

}  // namespace soleus
