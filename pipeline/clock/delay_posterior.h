/// From pairs of events to a delay and how well it is known.
#pragma once

#include <vector>

#include "pipeline/clock/event_match.h"

namespace soleus {

struct DelayEstimate {
  double delayS = 0;
  double uncertaintyS = 0;  ///< 95 % of the errors are smaller
};

/// Each pair says between which bounds the delay lies, up to jitter of unknown size (marginalised, prior flat
/// in its logarithm), or nothing at all (an outlier). Many bounds that each are a frame wide leave a delay
/// open by much less than a frame. `pairs` is not empty.
DelayEstimate delayOfPairs(const std::vector<EventPair>& pairs);

}  // namespace soleus
