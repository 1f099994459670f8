/// Whether two sessions of one subject differ by more than their contractions scatter.
#pragma once

#include <cstddef>

#include "tools/compare/estimate.h"

namespace soleus {

/// A measure over the contractions of one session, in the measure's unit.
struct SessionMean {
  std::size_t count = 0;  ///< contractions that count and have a value
  double mean = kNotKnown;
  double sd = kNotKnown;  ///< between contractions
  /// Standard uncertainty of one contraction's value, which is much the same in all and does not average out;
  /// NaN where the session does not state it.
  double measurementUncertainty = kNotKnown;
};

/// second - first. The interval is Welch's for the scatter of the contractions (Biometrika 1947;34:28),
/// widened by the measurement's own uncertainty where it is stated; unknown with fewer than two contractions
/// in either.
Estimate differenceOf(const SessionMean& first, const SessionMean& second);

}  // namespace soleus
