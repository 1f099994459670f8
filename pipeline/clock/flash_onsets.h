/// Onsets of flashes in the brightness of a video.
#pragma once

#include <string>

#include "pipeline/clock/step_edges.h"
#include "pipeline/clock/sync_series.h"

namespace soleus {

/// A frame is taken to show the screen as it was at its time stamp, or an exposure about it: a flash began
/// after the last frame that is less than half as bright as it, and no later than the next. `brightness`: one
/// value a frame.
SyncSeries flashOnsets(const SampledTrace& brightness, const std::string& name);

}  // namespace soleus
