/// The rows of /contractions that a scenario's truth defines.
#pragma once

#include <vector>

#include "calibration/phantom/haemodynamics.h"
#include "pipeline/core/contraction.h"

namespace soleus {

/// One row for each burst, from the waveform itself:
/// - onset: of the muscle (source: its EMG); flow onset: the burst's first moment; end: the peak velocity's
/// return to the baseline;
/// - baseline: mean of the peak velocity over up to three breaths that end 0.2 s before the onset, beginning
///   no earlier than the refill after the contraction before;
/// - VTI: integral of the peak velocity from the flow's onset to the end; mean velocity: of the
/// cross-section's mean over it;
/// - ejected volume: integral of the flow over it; excess: above the mean flow of the baseline's stretch;
/// - reflux: duration, its lowest peak velocity (negative), volume that went back (positive); 0 without
/// reflux;
/// - refill: from the end until 95 % of the resting flow is back; NaN if the next contraction comes first.
std::vector<Contraction> contractionTruth(const Scenario& scenario, const Haemodynamics& haemodynamics);

}  // namespace soleus
