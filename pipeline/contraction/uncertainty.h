/// How well the measures of a contraction are known.
#pragma once

#include "pipeline/contraction/find_contractions.h"
#include "pipeline/core/contraction.h"

namespace soleus {

/// The uncertainties of one row. `resolutionCmPerS`: the velocity that the spectral window resolves,
/// c / (2 f0 cos(angle) T); errors of a velocity go with it, whatever the velocity is.
ContractionUncertainty uncertaintyOf(const FoundContraction& row, double resolutionCmPerS);

}  // namespace soleus
