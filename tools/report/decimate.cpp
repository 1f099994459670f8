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

/// The rows that end and begin the lines beside a missing stretch or a gap, and the time from the one to the
/// other.
struct Stretch {
  std::size_t first = 0;
  std::size_t last = 0;
  double lengthS = 0;
};

std::vector<Stretch> missingStretches(std::span<const double> timeS, std::span<const double> values) {
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) continue;
    const std::size_t before = i == 0 ? 0 : i - 1;
    while (i + 1 < values.size() && std::isnan(values[i + 1])) ++i;
    const std::size_t after = std::min(i + 1, values.size() - 1);
    stretches.push_back({before, after, timeS[after] - timeS[before]});
  }
  return stretches;
}

std::vector<Stretch> timeGaps(std::span<const double> timeS) {
  std::vector<Stretch> stretches;
  for (const std::size_t i : gapsAfter(timeS, kGapSteps * medianStepS(timeS)))
    stretches.push_back({i, i + 1, timeS[i + 1] - timeS[i]});
  return stretches;
}

/// Leaves the `most` longest stretches; returns the length of the longest that was taken out, or 0.
double keepLongest(std::vector<Stretch>& stretches, std::size_t most) {
  if (stretches.size() <= most) return 0;
  const auto end = stretches.begin() + static_cast<std::ptrdiff_t>(most);
  std::nth_element(stretches.begin(), end, stretches.end(),
                   [](const Stretch& a, const Stretch& b) { return a.lengthS > b.lengthS; });
  const double longestOutS = end->lengthS;
  stretches.erase(end, stretches.end());
  return longestOutS;
}

}  // namespace

DrawnRows rowsToDraw(std::span<const double> timeS, const std::vector<std::span<const double>>& series,
                     std::size_t maxRows) {
  DrawnRows drawn;
  if (timeS.size() <= maxRows || series.empty()) {
    drawn.rows.resize(timeS.size());
    std::iota(drawn.rows.begin(), drawn.rows.end(), std::size_t{0});
    for (const Stretch& gap : timeGaps(timeS)) drawn.breaks.push_back(gap.first);
    return drawn;
  }
  // Two rows of each series from each bin.
  const std::size_t bins = std::max<std::size_t>(1, maxRows / (2 * series.size()));
  drawn.rowsPerBin = (timeS.size() + bins - 1) / bins;
  // Up to four rows each: with three series at most half as many rows again.
  const std::size_t mostStretches = maxRows / 32;
  const auto keepLongestOf = [&](std::vector<Stretch> stretches) {
    drawn.longestBridgedS = std::max(drawn.longestBridgedS, keepLongest(stretches, mostStretches));
    return stretches;
  };

  drawn.rows = {0, timeS.size() - 1};
  for (const auto& values : series) {
    addExtremes(values, drawn.rowsPerBin, drawn.rows);
    for (const Stretch& missing : keepLongestOf(missingStretches(timeS, values)))
      drawn.rows.insert(drawn.rows.end(), {missing.first, std::min(missing.first + 1, missing.last),
                                           std::max(missing.last, missing.first + 1) - 1, missing.last});
  }
  for (const Stretch& gap : keepLongestOf(timeGaps(timeS))) {
    drawn.rows.insert(drawn.rows.end(), {gap.first, gap.last});
    drawn.breaks.push_back(gap.first);
  }
  std::sort(drawn.breaks.begin(), drawn.breaks.end());
  std::sort(drawn.rows.begin(), drawn.rows.end());
  drawn.rows.erase(std::unique(drawn.rows.begin(), drawn.rows.end()), drawn.rows.end());
  return drawn;
}

}  // namespace soleus
