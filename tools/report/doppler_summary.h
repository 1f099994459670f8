/// The numbers of the Doppler trace and of the volume flow made from it.
#pragma once

#include <nlohmann/json.hpp>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// "doppler" of reportSummary(). Errors as there.
Result<nlohmann::json> dopplerSummary(const SessionReader& session);

/// "flow" of reportSummary(). Errors as there.
Result<nlohmann::json> flowSummary(const SessionReader& session);

}  // namespace soleus
