/// The pace of a position that is seen now here, now a little beside.
#pragma once

#include <deque>
#include <optional>

#include "pipeline/clock/passage.h"

namespace soleus {

/// Seconds per column at which most passages lie on one line each lap, every lap on its own: a front that is
/// seen at one of its faces for a while and at the other for another bends no line through the one that is
/// seen more often, where it bends the line through all. Independent of any period. Searched within 3 % of
/// `nearS`; nothing where a lap has too few passages.
std::optional<double> paceOfMost(const std::deque<Passage>& passages, double nearS);

}  // namespace soleus
