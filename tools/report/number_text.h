/// Numbers of a summary (see summary.h) for sentences.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace soleus {

/// The number under `key`; NaN where there is none.
double numberOf(const nlohmann::json& part, const char* key);
/// The same of a share; 0 where there is none.
double shareOf(const nlohmann::json& part, const char* key);

std::string plainNumber(double value, int decimals);
/// Of a share, in percent. Some is not none, and not all is not all: neither is rounded away.
std::string percent(double share);

}  // namespace soleus
