#include "tools/report/contraction_summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "pipeline/core/contraction.h"
#include "tools/report/numbers.h"
#include "tools/report/session_columns.h"

namespace soleus {
namespace {

using nlohmann::json;
using Column = std::vector<double>;

// Below, a row is shown but counts for nothing.
constexpr double kSure = 0.5;
// The guideline's cut-offs: of deep veins of the thigh and the knee, and of superficial and calf veins
// (Gloviczki et al., J Vasc Surg 2011;53:2S).
constexpr double kDeepRefluxS = 1.0;
constexpr double kSuperficialRefluxS = 0.5;

constexpr const char* kColumns[] = {"onset_s",
                                    "flow_onset_s",
                                    "peak_s",
                                    "end_s",
                                    "baseline_velocity_cm_s",
                                    "peak_velocity_cm_s",
                                    "mean_velocity_cm_s",
                                    "vti_cm",
                                    "augmentation_ratio",
                                    "augmentation_cm_s",
                                    "ejected_volume_ml",
                                    "excess_volume_ml",
                                    "reflux_duration_s",
                                    "reflux_peak_cm_s",
                                    "reflux_volume_ml",
                                    "refill_time_s",
                                    "quality"};

/// Of the finite ones: how many, mean, standard deviation between contractions, first and last.
json seriesOf(const Column& values) {
  Column known;
  std::copy_if(values.begin(), values.end(), std::back_inserter(known),
               [](double v) { return std::isfinite(v); });
  json series = {{"count", known.size()}, {"mean", meanOf(known)}, {"sd", nullptr}};
  series["first"] = known.empty() ? json(nullptr) : json(known.front());
  series["last"] = known.empty() ? json(nullptr) : json(known.back());
  if (known.size() < 2) return series;
  const double mean = series["mean"];
  double squares = 0;
  for (const double v : known) squares += (v - mean) * (v - mean);
  series["sd"] = std::sqrt(squares / static_cast<double>(known.size() - 1));
  return series;
}

json refluxOf(const Column& durationS) {
  json reflux = {{"measured", 0}, {"longest_s", nullptr}, {"over_0_5_s", 0}, {"over_1_0_s", 0}};
  double longest = -1;
  int measured = 0;
  int deep = 0;
  int superficial = 0;
  for (const double s : durationS) {
    if (!std::isfinite(s)) continue;
    ++measured;
    longest = std::max(longest, s);
    deep += s > kDeepRefluxS ? 1 : 0;
    superficial += s > kSuperficialRefluxS ? 1 : 0;
  }
  reflux["measured"] = measured;
  reflux["over_1_0_s"] = deep;
  reflux["over_0_5_s"] = superficial;
  if (measured > 0) reflux["longest_s"] = longest;
  return reflux;
}

}  // namespace

Result<json> contractionSummary(const SessionReader& session) {
  const auto number = columnIfPresent(session, "/contractions/contraction");
  if (!number.ok()) return number.error();
  const std::size_t count = number.value().size();
  std::map<std::string, Column> columns;
  for (const char* name : kColumns) {
    auto column = columnIfPresent(session, std::string("/contractions/") + name, count);
    if (!column.ok()) return column.error();
    if (column.value().empty()) column.value().assign(count, std::nan(""));
    columns[name] = std::move(column).value();
  }
  auto source = columnIfPresent(session, "/contractions/onset_source", count);
  if (!source.ok()) return source.error();
  const std::vector<std::string> sources = words(kOnsetSourceMeanings);
  json rows = json::array();
  std::map<std::string, Column> sure;
  for (std::size_t i = 0; i < count; ++i) {
    json row = {{"number", number.value()[i]}};
    for (const auto& [name, column] : columns) row[name] = orNull(column[i]);
    const double code = i < source.value().size() ? source.value()[i] : -1;
    const bool known = code >= 0 && code < static_cast<double>(sources.size());
    row["onset_source"] = known ? sources[static_cast<std::size_t>(code)] : "unknown";
    row["counts"] = columns["quality"][i] >= kSure;
    if (row["counts"]) {
      for (const auto& [name, column] : columns) sure[name].push_back(column[i]);
    }
    rows.push_back(std::move(row));
  }
  json summary = {{"count", sure["quality"].size()}, {"doubtful", count - sure["quality"].size()}};
  for (const char* name : {"peak_velocity_cm_s", "mean_velocity_cm_s", "vti_cm", "augmentation_cm_s",
                           "ejected_volume_ml", "excess_volume_ml", "refill_time_s"})
    summary[name] = seriesOf(sure[name]);
  summary["reflux"] = refluxOf(sure["reflux_duration_s"]);
  summary["rows"] = std::move(rows);
  return summary;
}

}  // namespace soleus
