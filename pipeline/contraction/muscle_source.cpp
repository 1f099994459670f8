#include "pipeline/contraction/muscle_source.h"

#include <algorithm>
#include <cctype>

namespace soleus {

std::optional<OnsetSource> muscleSource(const std::string& name, const std::string& units) {
  std::string lower = name;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower.find("emg") != std::string::npos) return OnsetSource::kEmg;
  if (lower.find("force") != std::string::npos || units == "N" || units == "kN") return OnsetSource::kForce;
  return std::nullopt;
}

}  // namespace soleus
