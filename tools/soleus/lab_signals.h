/// The `signals:` of a lab's set-up.
#pragma once

#include <string>
#include <vector>

#include "calibration/profile/strict_yaml.h"
#include "tools/soleus/signal_input.h"

namespace soleus {

/// What `root` says of signals; none if it says nothing. Faults are noted in the document, with their lines.
std::vector<SignalInput> readSignalInputs(YamlMap& root);

/// The same as YAML, defaults included, without tokens; empty if there are none.
std::string signalInputsYaml(const std::vector<SignalInput>& inputs);

}  // namespace soleus
