/// Onsets of pulses and taps in a sampled signal: a sync line, force, EMG.
#pragma once

#include <string>

#include "pipeline/clock/step_edges.h"
#include "pipeline/clock/sync_series.h"

namespace soleus {

/// Values that are NaN are left out. An onset is found by fitting a straight line and, from the onset on, a
/// step, a ramp or a half sine (by posterior means), so that neither noise nor a gradual rise nor the
/// contraction under a tap shifts it much: to a part of a sample where the rise is gradual, and anywhere
/// between two where it is not.
SyncSeries signalOnsets(const SampledTrace& trace, const std::string& name);

}  // namespace soleus
