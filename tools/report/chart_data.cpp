#include "tools/report/chart_data.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "pipeline/core/measurement.h"
#include "tools/report/average_contraction.h"
#include "tools/report/decimate.h"
#include "tools/report/html.h"
#include "tools/report/session_columns.h"
#include "tools/report/spectrum_picture.h"

namespace soleus {
namespace {

using nlohmann::json;

/// Time to 0.1 ms (a column lasts some 4 ms), values to 0.01 of their unit (a row is some 0.4 cm/s): finer
/// digits would double the page without being seen.
constexpr double kTimeDigits = 1e4;
constexpr double kValueDigits = 1e2;

/// More stretches than pixels of a wide screen cannot be told apart.
constexpr std::size_t kMaxStretches = 2000;

json rounded(double value, double digits) {
  if (!std::isfinite(value)) return nullptr;
  return std::round(value * digits) / digits;
}

struct Trace {
  std::string name;
  std::string path;
};

Result<json> chart(const SessionReader& session, const std::string& name, const std::vector<double>& timeS,
                   const std::vector<Trace>& traces) {
  std::vector<std::vector<double>> columns;
  for (const Trace& trace : traces) {
    auto column = columnIfPresent(session, trace.path, timeS.size());
    if (!column.ok()) return column.error();
    if (column.value().empty()) column.value().assign(timeS.size(), std::nan(""));
    columns.push_back(std::move(column).value());
  }
  const DrawnRows drawn =
      rowsToDraw(timeS, std::vector<std::span<const double>>(columns.begin(), columns.end()), kMaxChartRows);

  json times = json::array();
  std::vector<json> values(traces.size(), json::array());
  auto nextBreak = drawn.breaks.begin();
  for (const std::size_t row : drawn.rows) {
    times.push_back(rounded(timeS[row], kTimeDigits));
    for (std::size_t k = 0; k < traces.size(); ++k)
      values[k].push_back(rounded(columns[k][row], kValueDigits));
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
