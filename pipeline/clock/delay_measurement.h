/// How much later does one stream show what another shows too?
#pragma once

#include <optional>

#include "pipeline/clock/delay_posterior.h"
#include "pipeline/clock/sync_series.h"
#include "pipeline/core/result.h"

namespace soleus {

struct DelayMeasurement {
  DelayEstimate events;       ///< what counts
  DelayEstimate correlation;  ///< agrees with it
  std::size_t matched = 0;    ///< events that both have
  std::size_t unmatchedFirst = 0;
  std::size_t unmatchedSecond = 0;
  std::optional<double> otherDelayS = {};  ///< as in EventMatch
  double spanS = 0;                        ///< from the first such event to the last
  /// Rate of the first stream's clock against the second's, less one, in 1e-6; NaN where the events do not
  /// tell it from 0. The delay is then that in the middle of the events.
  double driftPpm = 0;
};

/// By events and by correlation, looked for between -`withinS` and `withinS`. Errors (kBadInput): of
/// matchEvents() and correlateRises(); both give a delay, but not the same.
Result<DelayMeasurement> measureDelay(const SyncSeries& first, const SyncSeries& second, double withinS);

}  // namespace soleus
