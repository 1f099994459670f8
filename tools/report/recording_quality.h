/// Whether the numbers of a session can be relied on, for a person who reads nothing else.
#pragma once

#include <nlohmann/json.hpp>

namespace soleus {

/// {level: good | limited | poor, reasons: [text]} of a summary (see summary.h), the gravest reason first.
/// Poor: some of the numbers must not be used. Limited: they can be, by who knows the reasons. What was
/// measured well and found abnormal is no reason, nor is what was done unlike the protocol asked. A good
/// recording has one: what speaks for it.
nlohmann::json recordingQuality(const nlohmann::json& summary);

/// Whether the fastest flow by far is away from the heart: then up and down may have been confounded.
bool flowsAway(const nlohmann::json& summary);

}  // namespace soleus
