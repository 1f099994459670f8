/// How far readings that are known to within bounds leave the slope of their line open.
#pragma once

#include <optional>
#include <vector>

namespace soleus {

/// A place on a line: the true row of `value`, which has its sign, lies within `errorPx` of `row`.
struct BoundedReading {
  double row = 0;
  double value = 0;
  double errorPx = 0;
};

/// Rows per unit of all straight lines that respect every reading.
struct PossibleSlopes {
  double mean = 0;  ///< of the slopes, each as probable as there is room for its line
  double least = 0;
  double most = 0;

  /// Bound of the mean's error, as a share of it.
  [[nodiscard]] double bound() const;
};

/// Rows are rounded evenly, so each line within all bounds is as probable as another; of one slope there are
/// as many as its zero has room. Nothing where no line respects all readings, or all values are alike.
std::optional<PossibleSlopes> possibleSlopes(const std::vector<BoundedReading>& readings);

/// How probable it is that the mean slope is off by more than `share` of it.
double doubtOf(const std::vector<BoundedReading>& readings, const PossibleSlopes& slopes, double share);

}  // namespace soleus
