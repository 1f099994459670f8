/// A chart of the report: traces that share one time axis, as JSON for page_charts.js.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace soleus {

/// Times are told to 0.1 ms (a column lasts some 4 ms): finer digits would make the page larger without being
/// seen.
inline constexpr double kTimeDigits = 1e4;

/// The value in whole shares 1 / `digits` of its unit; null if it is not finite.
nlohmann::json rounded(double value, double digits);

/// A series of a chart. The values are borrowed for the length of the call.
struct Trace {
  std::string name;
  std::span<const double> values;  ///< one for each time; NaN is missing
  double digits = 1e2;             ///< see rounded()
};

/// {name, time_s, series: [{name, values}], rows_per_bin, longest_bridged_s}, of at most some `maxRows` rows
/// (see decimate.h). null is a missing value and ends a line.
nlohmann::json traceChart(const std::string& name, std::span<const double> timeS,
                          const std::vector<Trace>& traces, std::size_t maxRows);

}  // namespace soleus
