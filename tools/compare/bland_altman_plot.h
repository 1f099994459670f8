/// Differences of two sessions against their means, as an inline SVG picture.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tools/compare/agreement.h"

namespace soleus {

/// One subject's two values, in the measure's unit, both finite.
struct PlottedPair {
  std::string name;
  double first = 0;
  double second = 0;
};

struct BlandAltmanPlot {
  std::string title;
  std::string unit;
  int decimals = 1;         ///< of the lines' labels
  std::size_t session = 2;  ///< of the second values; the first are session 1's
  std::vector<PlottedPair> pairs;
  Agreement agreement;  ///< of the pairs, of which there are two or more
};

/// A point for each pair; bias solid, limits of agreement dashed, each on the band of its 95 % interval
/// (Bland and Altman, Lancet 1986;1:307). A band that reaches far beyond the points is cut off. Texts are
/// escaped.
void drawBlandAltman(std::ostream& out, const BlandAltmanPlot& plot);

}  // namespace soleus
