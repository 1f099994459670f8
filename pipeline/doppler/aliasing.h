/// Flow faster than the axis shows: which way it goes, and how fast.
#pragma once

#include <optional>
#include <vector>

#include "pipeline/doppler/envelope_directions.h"

namespace soleus {

enum class Aliasing {
  kNone,       ///< all power lies within the axis
  kResolved,   ///< the flow's band goes on at the far end of the other side
  kUnresolved  ///< faster than twice the Nyquist velocity, of either direction, or on an axis of unknown span
};

/// For each column. Where a band goes on beyond its end of the axis, the one that begins at zero is the flow,
/// and the power at the far end of the other side is its own. Where both sides are full from end to end, the
/// columns before and after tell the direction, which does not change at full speed. `forward` and `reverse`,
/// of equal length, are left with what is flow; neither where it is unresolved.
std::vector<Aliasing> resolveAliasing(std::vector<std::optional<SignalBand>>& forward,
                                      std::vector<std::optional<SignalBand>>& reverse,
                                      const DirectionAxis& axis);

}  // namespace soleus
