/// What a burst of noise draws beside a flow.
#pragma once

#include <vector>

#include "pipeline/doppler/envelope_directions.h"

namespace soleus {

/// Takes a direction's signal back where it lasts less than 50 ms, with none of it for 50 ms on either side,
/// while the other direction flows before, during and after it: columns share their samples and are averaged,
/// so that one burst of noise fills several of them, tens of cm/s from zero, and blood lasts longer. What
/// begins or ends with the columns, or is aliased, stays. Consecutive columns; pure.
void takeBackBriefNoise(std::vector<ColumnEnvelope>& envelopes, double secondsPerColumn,
                        const DirectionAxis& axis);

}  // namespace soleus
