/// Contractions that the muscle shows and no flow follows.
#pragma once

#include <vector>

#include "pipeline/contraction/find_contractions.h"
#include "pipeline/contraction/muscle_onset.h"

namespace soleus {

/// A stretch of time in which the muscle acts.
struct MuscleBurst {
  double beginS = 0;
  double endS = 0;
};

/// All of them, in order of time: the activity is well above that of the quietest quarter of the recording
/// for 0.2 s or more, interrupted for 0.15 s at most. A muscle that hardly rests has none.
std::vector<MuscleBurst> muscleBursts(const MuscleActivity& activity);

/// Adds a row for each burst of `activity` to which no row belongs, with its onset and of a quality below
/// kSureQuality; all that the flow would tell is NaN. Rows stay in order of their onsets.
void addWithoutFlow(std::vector<FoundContraction>& rows, const MuscleActivity& activity);

}  // namespace soleus
