/// Error against signal-to-noise ratio as an inline SVG picture.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/accuracy/table.h"

namespace soleus::accuracy {

/// One estimator's errors, a point for each signal-to-noise ratio.
struct ErrorSeries {
  std::string name;
  std::string colour;  ///< CSS
  struct Point {
    double snrDb = 0;
    Spread errorPercent;
  };
  std::vector<Point> points;
};

/// Means joined by lines; a thick bar of one SD and a thin one over the limits of agreement to either side.
/// Grey between -promised and +promised. What lies beyond the axis is cut off.
void drawErrorChart(std::ostream& out, const std::string& title, const std::vector<ErrorSeries>& series,
                    double promisedPercent);

}  // namespace soleus::accuracy
