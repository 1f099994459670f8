/// How bright a video's screen is, frame by frame, where it flashes.
#pragma once

#include <optional>
#include <string>

#include "pipeline/clock/step_edges.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Grey levels of each frame of the video at `path`, with times from its first: the mean of `region`, or,
/// without one, of the whole picture or that part of it whose brightness jumps most. Errors (kBadInput): not
/// a video, a region outside of it.
Result<SampledTrace> readBrightness(const std::string& path, const std::optional<Region>& region);

}  // namespace soleus
