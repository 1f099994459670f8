/// Contractions of the calf, from the flow alone.
#pragma once

#include <vector>

#include "pipeline/contraction/velocity_course.h"
#include "pipeline/core/contraction.h"

namespace soleus {

/// A row, and what its uncertainty depends on besides.
struct FoundContraction : Contraction {
  /// Breaths that its baseline is the mean of, where the recording began too late for three; else NaN.
  double restBreaths = kUnknown;
};

/// One row for each burst of flow toward the heart, in order of time. The measures are those of README.md in
/// this folder. A row that is doubtful is kept with a low quality; NaN where a measure cannot be had.
/// The trace's columns are of one length (flow may be empty). `hiddenCmPerS`: what the wall filter hides, 0
/// if unknown.
std::vector<FoundContraction> findContractions(const VelocityTrace& trace, double hiddenCmPerS);

}  // namespace soleus
