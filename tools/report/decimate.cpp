#include "tools/report/decimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tools/report/session_columns.h"

namespace soleus {
namespace {

void addExtremes(std::span<const double> values, std::size_t rowsPerBin, std::vector<std::size_t>& rows) {
  for (std::size_t first = 0; first < values.size(); first += rowsPerBin) {
    const std::size_t end = std::min(first + rowsPerBin, values.size());
    std::size_t lowest = end;
    std::size_t highest = end;
    for (std::size_t i = first; i < end; ++i) {
      if (std::isnan(values[i])) continue;
      if (lowest == end || values[i] < values[lowest]) lowest = i;
      if (highest == end || values[i] > values[highest]) highest = i;
    }
    if (lowest != end) rows.insert(rows.end(), {lowest, highest});
  }
}

void addMissingStretches(std::span<const double> values, std::size_t shortest,
                         std::vector<std::size_t>& rows) {
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i;
    while (end < values.size() && std::isnan(values[end])) ++end;
    if (end - i >= shortest) rows.insert(rows.end(), {i, end - 1});
    i = std::max(end, i + 1);
  }
}

}  // namespace

DrawnRows rowsToDraw(std::span<const double> timeS, const std::vector<std::span<const double>>& series,
                     std::size_t maxRows) {
  DrawnRows drawn;
  const double stepS = medianStepS(timeS);
  if (timeS.size() <= maxRows || series.empty()) {
    drawn.rows.resize(timeS.size());
    std::iota(drawn.rows.begin(), drawn.rows.end(), std::size_t{0});
    drawn.breaks = gapsAfter(timeS, kGapSteps * stepS);
    return drawn;
  }
  // Two rows of each series from each bin.
  const std::size_t bins = std::max<std::size_t>(1, maxRows / (2 * series.size()));
  drawn.rowsPerBin = (timeS.size() + bins - 1) / bins;
  drawn.breaks = gapsAfter(timeS, std::max(kGapSteps, static_cast<double>(drawn.rowsPerBin)) * stepS);

  drawn.rows = {0, timeS.size() - 1};
  for (const auto& values : series) {
    addExtremes(values, drawn.rowsPerBin, drawn.rows);
    addMissingStretches(values, drawn.rowsPerBin, drawn.rows);
  }
  for (const std::size_t i : drawn.breaks) drawn.rows.insert(drawn.rows.end(), {i, i + 1});
  std::sort(drawn.rows.begin(), drawn.rows.end());
  drawn.rows.erase(std::unique(drawn.rows.begin(), drawn.rows.end()), drawn.rows.end());
  return drawn;
}

}  // namespace soleus
