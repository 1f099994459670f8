/// A second estimate of a delay, without events: by the correlation of what rises.
#pragma once

#include "pipeline/clock/delay_posterior.h"
#include "pipeline/clock/sync_series.h"
#include "pipeline/core/result.h"

namespace soleus {

/// The delay of `first` against `second`, within `withinS` of `aboutS`, at which their rises correlate best.
/// It is that of the middle of the rises, and as uncertain as half the width of the peak. Errors
/// (kBadInput): a stream does not rise.
Result<DelayEstimate> correlateRises(const SyncSeries& first, const SyncSeries& second, double aboutS,
                                     double withinS);

}  // namespace soleus
