/// Choosing the rows of a long recording that a chart has to draw so that no peak and no gap is lost.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace soleus {

/// Rows to draw, and how coarse the choice is.
struct DrawnRows {
  std::vector<std::size_t> rows;  ///< ascending, without repeats; the first and the last row are always there
  std::vector<std::size_t>
      breaks;                  ///< no line from row `breaks[k]` to the next one: a gap in time; ascending
  std::size_t rowsPerBin = 1;  ///< 1: every row is drawn
  double longestBridgedS = 0;  ///< the longest missing stretch or gap that lines cross for want of room
};

/// Chooses rows of series that share one time axis (all of timeS.size() values; NaN is missing). Up to
/// `maxRows` rows all are kept. Beyond, the axis is cut into bins of equal numbers of rows, and of each bin
/// and series the rows with the lowest and the highest value are kept: drawn values are measured ones at
/// their true times. Also kept are both ends of the longest missing stretches of each series and both sides
/// of the longest gaps in time, maxRows / 16 of each kind, on top of `maxRows`.
DrawnRows rowsToDraw(std::span<const double> timeS, const std::vector<std::span<const double>>& series,
                     std::size_t maxRows);

}  // namespace soleus
