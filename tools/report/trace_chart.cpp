#include "tools/report/trace_chart.h"

#include <cmath>

#include "tools/report/decimate.h"

namespace soleus {

using nlohmann::json;

json rounded(double value, double digits) {
  if (!std::isfinite(value)) return nullptr;
  return std::round(value * digits) / digits;
}

json traceChart(const std::string& name, std::span<const double> timeS, const std::vector<Trace>& traces,
                std::size_t maxRows) {
  std::vector<std::span<const double>> columns;
  for (const Trace& trace : traces) columns.push_back(trace.values);
  const DrawnRows drawn = rowsToDraw(timeS, columns, maxRows);

  json times = json::array();
  std::vector<json> values(traces.size(), json::array());
  auto nextBreak = drawn.breaks.begin();
  for (const std::size_t row : drawn.rows) {
    times.push_back(rounded(timeS[row], kTimeDigits));
    for (std::size_t k = 0; k < traces.size(); ++k)
      values[k].push_back(rounded(columns[k][row], traces[k].digits));
    if (nextBreak == drawn.breaks.end() || *nextBreak != row) continue;
    ++nextBreak;
    times.push_back(rounded((timeS[row] + timeS[row + 1]) / 2, kTimeDigits));
    for (json& series : values) series.push_back(nullptr);
  }
  json series = json::array();
  for (std::size_t k = 0; k < traces.size(); ++k)
    series.push_back({{"name", traces[k].name}, {"values", std::move(values[k])}});
  return json{{"name", name},
              {"time_s", std::move(times)},
              {"series", std::move(series)},
              {"rows_per_bin", drawn.rowsPerBin},
              {"longest_bridged_s", drawn.longestBridgedS}};
}

}  // namespace soleus
