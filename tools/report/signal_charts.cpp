#include "tools/report/signal_charts.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/contraction/muscle_source.h"
#include "tools/report/numbers.h"
#include "tools/report/session_columns.h"
#include "tools/report/trace_chart.h"

namespace soleus {
namespace {

using nlohmann::json;

/// Twice as many as a velocity has: a burst of an EMG holds more turns than one of the flow.
constexpr std::size_t kMaxSignalRows = 32768;

/// A signal may be in V or in kN: a few thousandths of its span can be seen.
constexpr double kSeenSteps = 5000;

/// EMG before force before anything else.
int placeOf(const SessionReader& session, const std::string& name) {
  const auto source = muscleSource(name, session.textAttribute("/signals/" + name + "/value", "units"));
  return source ? static_cast<int>(*source) : static_cast<int>(OnsetSource::kCue);
}

double digitsFor(std::span<const double> values) {
  const auto [lowest, highest] = extremesOf(values);
  return highest > lowest ? std::pow(10.0, std::ceil(std::log10(kSeenSteps / (highest - lowest)))) : 1e2;
}

/// null if nothing of it lies in that time.
Result<json> chartOf(const SessionReader& session, const std::string& name, double startS, double endS) {
  const std::string path = "/signals/" + name;
  const auto time = session.column(path + "/time");
  if (!time.ok()) return time.error();
  const auto value = columnIfPresent(session, path + "/value", time.value().size());
  if (!value.ok()) return value.error();
  const auto& timeS = time.value();
  const auto begin = std::isfinite(startS) ? std::ranges::lower_bound(timeS, startS) : timeS.begin();
  const auto end = std::isfinite(endS) ? std::ranges::upper_bound(timeS, endS) : timeS.end();
  if (begin >= end || value.value().empty()) return json(nullptr);
  const auto first = static_cast<std::size_t>(begin - timeS.begin());
  const auto count = static_cast<std::size_t>(end - begin);
  const auto values = std::span(value.value()).subspan(first, count);
  json chart = traceChart("signal", std::span(timeS).subspan(first, count),
                          {{"signal", values, digitsFor(values)}}, kMaxSignalRows);
  chart["title"] = name;
  chart["units"] = session.textAttribute(path + "/value", "units");
  return chart;
}

}  // namespace

Result<json> signalCharts(const SessionReader& session, double startS, double endS) {
  std::vector<std::string> names = session.members("/signals");
  std::ranges::stable_sort(names, {}, [&](const std::string& name) { return placeOf(session, name); });
  json charts = json::array();
  json leftOut = json::array();
  for (const std::string& name : names) {
    if (charts.size() == kMostSignalCharts) {
      leftOut.push_back(name);
      continue;
    }
    auto chart = chartOf(session, name, startS, endS);
    if (!chart.ok()) return chart.error();
    if (!chart.value().is_null()) charts.push_back(std::move(chart).value());
  }
  return json{{"charts", std::move(charts)}, {"left_out", std::move(leftOut)}};
}

}  // namespace soleus
