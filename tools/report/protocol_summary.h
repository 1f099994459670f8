/// What a session's protocol asked for beside what the flow shows was done.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/protocol/protocol.h"

namespace soleus {

/// The part `protocol` of a summary (see summary.h), from its parts `events`, `contractions` and `doppler`.
nlohmann::json protocolSummary(const ProtocolInForce& inForce, const nlohmann::json& summary);

/// What differs of that part from what was asked, in short sentences; nothing if all was done.
std::vector<std::string> unlikeAsked(const nlohmann::json& protocol);

/// "C3, C7" of the contractions of that part that nobody asked for; after some it says how many more.
std::string unexpectedNames(const nlohmann::json& protocol);

}  // namespace soleus
