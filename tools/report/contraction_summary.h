/// The contractions of a session and what they are like together.
#pragma once

#include <nlohmann/json.hpp>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// "contractions" of reportSummary(). Errors as there.
Result<nlohmann::json> contractionSummary(const SessionReader& session);

}  // namespace soleus
