/// The scale of a strip that shows a known range of velocities.
#pragma once

#include <optional>

namespace soleus {

/// A scale and how sure it is.
struct BoundedScale {
  double cmPerSPerPixel = 0;
  double uncertainty = 0;  ///< bound of its error, as a share of it
};

/// The rows of a strip as they were found.
struct FoundRows {
  int height = 0;
  int fewer = 0;  ///< by how much it may be lower
  int more = 0;   ///< and higher
};

/// A strip has a whole number of rows: where the scale that its axis leaves open and the range that the
/// settings give allow few of them, they tell the scale. It never leaves what the axis allows. Nothing if
/// none fits.
std::optional<BoundedScale> scaleOfWholeRows(double rangeCmPerS, const BoundedScale& byAxis,
                                             const FoundRows& rows);

}  // namespace soleus
