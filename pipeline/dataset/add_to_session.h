/// Signals recorded elsewhere, into a session that is finished.
#pragma once

#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/core/signal_recording.h"

namespace soleus {

/// Adds /signals/NAME for each. Errors: kBadInput for a name that the session has, kStorage. After an error
/// the file is not to be kept.
Status addSignals(const std::string& path, const std::vector<SignalRecording>& signals);

}  // namespace soleus
