/// What is added to a session that is finished: signals and cues from elsewhere, contractions found in it.
///
/// Not to be done to the only copy of a recording: a program that is killed meanwhile leaves a broken file.
#pragma once

#include <string>
#include <vector>

#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"
#include "pipeline/core/signal_recording.h"

namespace soleus {

/// Adds /signals/NAME for each. Errors: kBadInput for a name that the session has, kStorage. After an error
/// the file is not to be kept.
Status addSignals(const std::string& path, const std::vector<SignalRecording>& signals);

/// Appends to /events. Errors: kStorage. After an error the file is not to be kept.
Status addEvents(const std::string& path, const std::vector<Event>& events);

/// Adds /contractions, which may have no rows, with the uncertainties of each. Errors: kBadInput if the
/// session has them, kStorage. After an error the file is not to be kept.
Status addContractions(const std::string& path, const std::vector<Contraction>& rows,
                       const std::vector<ContractionUncertainty>& uncertainties);

}  // namespace soleus
