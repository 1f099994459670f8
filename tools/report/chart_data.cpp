#include "tools/report/chart_data.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "pipeline/core/measurement.h"
#include "tools/report/average_contraction.h"
#include "tools/report/html.h"
#include "tools/report/session_columns.h"
#include "tools/report/signal_charts.h"
#include "tools/report/spectrum_picture.h"
#include "tools/report/trace_chart.h"

namespace soleus {
namespace {

using nlohmann::json;

/// More stretches than pixels of a wide screen cannot be told apart.
constexpr std::size_t kMaxStretches = 2000;

/// Where in the session a chart's trace is.
struct Source {
  std::string name;
  std::string path;
};

Result<json> chart(const SessionReader& session, const std::string& name, const std::vector<double>& timeS,
                   const std::vector<Source>& sources) {
  std::vector<std::vector<double>> columns;
  std::vector<Trace> traces;
  columns.reserve(sources.size());  // traces point into them
  for (const Source& source : sources) {
    auto column = columnIfPresent(session, source.path, timeS.size());
    if (!column.ok()) return column.error();
    if (column.value().empty()) column.value().assign(timeS.size(), std::nan(""));
    columns.push_back(std::move(column).value());
    traces.push_back({source.name, columns.back()});
  }
  return traceChart(name, timeS, traces, kMaxChartRows);
}

Result<json> flagLanes(const SessionReader& session, const std::vector<double>& timeS) {
  auto flags = columnIfPresent(session, "/doppler/quality", timeS.size());
  if (!flags.ok()) return flags.error();
  json lanes = json::array();
  unsigned mask = 1;
  for (const std::string& name : words(kQualityMeanings)) {
    json stretches = json::array();
    for (const double edgeS : flaggedStretchesS(timeS, flags.value(), mask, kMaxStretches))
      stretches.push_back(rounded(edgeS, kTimeDigits));
    lanes.push_back({{"name", name}, {"stretches_s", std::move(stretches)}});
    mask <<= 1;
  }
  return lanes;
}

Result<json> spectrum(const SessionReader& session, const std::vector<double>& timeS) {
  auto velocity = session.column("/doppler/velocity");
  if (!velocity.ok()) return velocity.error();
  auto painted = paintSpectrum(session, timeS, velocity.value());
  if (!painted.ok()) return painted.error();
  const SpectrumPicture& picture = painted.value();
  json tiles = json::array();
  for (const auto& png : picture.tilesPng) tiles.push_back(base64(png));
  json segments = json::array();
  for (const PictureSegment& part : picture.segments)
    segments.push_back({{"tile", part.tile},
                        {"first_column", part.firstColumn},
                        {"columns", part.columns},
                        {"start_s", part.startS},
                        {"end_s", part.endS}});
  return json{{"tiles", std::move(tiles)},
              {"segments", std::move(segments)},
              {"lowest_cm_per_s", picture.lowestCmPerS},
              {"highest_cm_per_s", picture.highestCmPerS},
              {"columns_per_pixel", picture.columnsPerPixel}};
}

/// Appends `part` to `list`; returns false and keeps the error otherwise.
bool take(Result<json> part, json& list, Status& status) {
  if (!part.ok()) {
    status = part.error();
    return false;
  }
  list.push_back(std::move(part).value());
  return true;
}

}  // namespace

std::vector<double> flaggedStretchesS(std::span<const double> timeS, std::span<const double> flags,
                                      unsigned mask, std::size_t maxStretches) {
  const double halfS = medianStepS(timeS) / 2;
  std::vector<double> edges;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    // Missing flags are NaN, which no integer holds.
    if (!(flags[i] >= 0) || (static_cast<unsigned>(flags[i]) & mask) == 0) continue;
    const bool isGap = mask == kGapBefore && i > 0;
    const double startS = isGap ? timeS[i - 1] + halfS : timeS[i] - halfS;
    const double endS = isGap ? timeS[i] - halfS : timeS[i] + halfS;
    // Neighbouring columns are one stretch: rounding of the half steps leaves up to a step between them.
    if (!edges.empty() && startS - edges.back() < halfS)
      edges.back() = std::max(endS, edges.back());
    else
      edges.insert(edges.end(), {startS, std::max(endS, startS)});
  }
  for (double joinS = 2 * halfS; edges.size() / 2 > maxStretches; joinS *= 2) {
    std::vector<double> joined = {edges[0], edges[1]};
    for (std::size_t k = 2; k < edges.size(); k += 2) {
      if (edges[k] - joined.back() < joinS)
        joined.back() = edges[k + 1];
      else
        joined.insert(joined.end(), {edges[k], edges[k + 1]});
    }
    edges = std::move(joined);
  }
  return edges;
}

Result<json> chartData(const SessionReader& session) {
  json data = {{"charts", json::array()}};
  Status status = Done{};
  double startS = INFINITY;
  double endS = -INFINITY;
  const auto axis = [&](const std::string& path) {
    auto timeS = columnIfPresent(session, path);
    if (timeS.ok() && !timeS.value().empty()) {
      startS = std::min(startS, timeS.value().front());
      endS = std::max(endS, timeS.value().back());
    }
    return timeS;
  };
  const auto doppler = axis("/doppler/time");
  if (!doppler.ok()) return doppler.error();
  const auto vessel = axis("/vessel/time");
  if (!vessel.ok()) return vessel.error();
  const auto flow = axis("/flow/time");
  if (!flow.ok()) return flow.error();

  json& charts = data["charts"];
  if (!doppler.value().empty()) {
    const auto& timeS = doppler.value();
    if (!take(chart(session, "velocity", timeS,
                    {{"forward", "/doppler/peak_velocity_forward"},
                     {"reverse", "/doppler/peak_velocity_reverse"},
                     {"mean", "/doppler/mean_velocity"}}),
              charts, status))
      return status.error();
    if (session.has("/doppler/spectrum")) {
      auto picture = spectrum(session, timeS);
      if (!picture.ok()) return picture.error();
      data["spectrum"] = std::move(picture).value();
    }
  }
  auto signals = signalCharts(session, startS, endS);
  if (!signals.ok()) return signals.error();
  for (json& signal : signals.value()["charts"]) {
    if (doppler.value().empty() && vessel.value().empty() && flow.value().empty()) {
      startS = std::min(startS, signal["time_s"].front().get<double>());
      endS = std::max(endS, signal["time_s"].back().get<double>());
    }
    charts.push_back(std::move(signal));
  }
  data["signals_left_out"] = std::move(signals.value()["left_out"]);
  if (!vessel.value().empty() &&
      !take(chart(session, "vessel", vessel.value(), {{"diameter", "/vessel/diameter"}}), charts, status))
    return status.error();
  if (!flow.value().empty() &&
      !take(chart(session, "flow", flow.value(), {{"flow", "/flow/volume_flow"}}), charts, status))
    return status.error();
  if (!doppler.value().empty()) {
    if (session.has("/doppler/snr") &&
        !take(chart(session, "snr", doppler.value(), {{"snr", "/doppler/snr"}}), charts, status))
      return status.error();
    auto lanes = flagLanes(session, doppler.value());
    if (!lanes.ok()) return lanes.error();
    data["flags"] = std::move(lanes).value();
  }
  auto average = averageContraction(session);
  if (!average.ok()) return average.error();
  if (!average.value().is_null()) data["average_contraction"] = std::move(average).value();
  data["start_s"] = rounded(startS, kTimeDigits);
  data["end_s"] = rounded(endS, kTimeDigits);
  return data;
}

}  // namespace soleus
