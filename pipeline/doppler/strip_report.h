/// What the unrolling has to tell a person: events with their sentences.
#pragma once

#include <optional>
#include <string>

#include "pipeline/core/measurement.h"

namespace soleus {

/// `text` as printf would write it.
[[gnu::format(printf, 3, 4)]] Event stripEvent(double timeS, EventKind kind, const char* format, ...);

/// An event if the measured time per column differs from the profile's by more than 1 %: the profile is then
/// wrong, the time axis is not, since it comes from the motion.
std::optional<Event> scaleEvent(double timeS, double measuredSPerPx, double nominalSPerPx);

}  // namespace soleus
