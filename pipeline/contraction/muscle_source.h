/// Which signal beside the flow is a muscle's.
#pragma once

#include <optional>
#include <string>

#include "pipeline/core/contraction.h"

namespace soleus {

/// What the signal `name` in `units` (UDUNITS) is to a contraction: kEmg if "emg" is in its name, in small or
/// large letters, kForce if "force" is or its unit is N or kN; nothing if it is no muscle's. Pure.
std::optional<OnsetSource> muscleSource(const std::string& name, const std::string& units);

}  // namespace soleus
