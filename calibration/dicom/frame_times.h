/// When each frame of a DICOM clip was taken.
#pragma once

#include <string>
#include <vector>

#include "calibration/dicom/ultrasound_region.h"
#include "pipeline/core/result.h"
#include "pipeline/core/time.h"

namespace soleus {

struct FrameTimes {
  std::vector<SessionTime> starts;  ///< one for each frame, the first at 0, strictly increasing
  Span last;                        ///< how long the last frame lasts, > 0
  std::string source;               ///< the element that they come from: "FrameTime"; empty of a single frame
};

/// The times of `frames` frames: from the element that FrameIncrementPointer names, else from the first that
/// is there of FrameTime, FrameTimeVector, CineRate and RecommendedDisplayFrameRate. A single frame needs
/// none of them and is at 0. `file` stands in messages. Errors (kBadInput): none of them; one that is not a
/// positive finite number, or a vector of another length.
Result<FrameTimes> frameTimes(const CineModule& cine, std::int64_t frames, const std::string& file);

}  // namespace soleus
