#include "tools/report/contraction_summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/core/contraction.h"
#include "tools/report/measures.h"
#include "tools/report/numbers.h"
#include "tools/report/session_columns.h"

namespace soleus {
namespace {

using nlohmann::json;
using Column = std::vector<double>;

// The guideline's cut-offs: of deep veins of the thigh and the knee, and of superficial and calf veins
// (Gloviczki et al., J Vasc Surg 2011;53:2S).
constexpr double kDeepRefluxS = 1.0;
constexpr double kSuperficialRefluxS = 0.5;
// Further apart, two contractions are not of one exercise.
constexpr double kLongestCycleS = 20;

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
                                    "quality",
                                    "flow_onset_uncertainty_s",
                                    "baseline_velocity_uncertainty_cm_s",
                                    "peak_velocity_uncertainty_cm_s",
                                    "mean_velocity_uncertainty_cm_s",
                                    "vti_uncertainty_cm",
                                    "augmentation_ratio_uncertainty",
                                    "augmentation_uncertainty_cm_s",
                                    "ejected_volume_uncertainty_ml",
                                    "excess_volume_uncertainty_ml",
                                    "reflux_duration_uncertainty_s",
                                    "reflux_peak_uncertainty_cm_s",
                                    "reflux_volume_uncertainty_ml",
                                    "refill_time_uncertainty_s"};

/// Of these a series is told over the contractions that count.
constexpr const char* kSeries[] = {"emg_to_flow_s",      "force_to_flow_s",  "peak_velocity_cm_s",
                                   "mean_velocity_cm_s", "vti_cm",           "augmentation_cm_s",
                                   "ejected_volume_ml",  "excess_volume_ml", "reflux_duration_s",
                                   "reflux_volume_ml",   "refill_time_s"};

/// Change from one contraction to the next, by least squares over their numbers: how a series tires.
double slopeOf(const Column& values, const Column& numbers) {
  double count = 0;
  double n = 0;
  double nn = 0;
  double v = 0;
  double nv = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    const double at = numbers[i];
    count += 1;
    n += at;
    nn += at * at;
    v += values[i];
    nv += at * values[i];
  }
  return (count * nv - n * v) / (count * nn - n * n);
}

/// Of the 95 % interval of a mean of `count` values, with Student's distribution, over that of the normal
/// one.
double studentFactor(double count) {
  constexpr double kNormal = 1.96;
  constexpr std::array kFew = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26};
  const auto freedom = static_cast<std::size_t>(count) - 1;
  if (freedom <= kFew.size()) return kFew[freedom - 1] / kNormal;
  // Cornish and Fisher's first term.
  return 1 + (kNormal * kNormal + 1) / (4 * static_cast<double>(freedom));
}

/// Of the finite ones: how many, mean and its uncertainty (1.96 of them are a 95 % interval), that of the
/// measurement alone, standard deviation between contractions, coefficient of variation, slope, first and
/// last. What a measure is off by is much the same in all contractions of a leg, and is not averaged out.
json seriesOf(const Column& values, const Column& uncertainties, const Column& numbers) {
  Column known;
  std::copy_if(values.begin(), values.end(), std::back_inserter(known),
               [](double v) { return std::isfinite(v); });
  const json own = meanOf(uncertainties);
  json series = {{"count", known.size()}, {"mean", meanOf(known)}, {"sd", nullptr}};
  series["uncertainty"] = series["measurement_uncertainty"] = own;
  series["coefficient_of_variation"] = series["slope_per_contraction"] = nullptr;
  series["first"] = known.empty() ? json(nullptr) : json(known.front());
  series["last"] = known.empty() ? json(nullptr) : json(known.back());
  if (known.size() < 2) return series;
  const double mean = series["mean"];
  double squares = 0;
  for (const double v : known) squares += (v - mean) * (v - mean);
  const auto count = static_cast<double>(known.size());
  const double sd = std::sqrt(squares / (count - 1));
  series["sd"] = sd;
  series["coefficient_of_variation"] = orNull(sd / mean);
  series["slope_per_contraction"] = orNull(slopeOf(values, numbers));
  if (!own.is_null())
    series["uncertainty"] = std::hypot(own.get<double>(), studentFactor(count) * sd / std::sqrt(count));
  return series;
}

/// What contractions eject in a minute, and how often that is what flows at rest, before the first: over the
/// time from each to the next where both count and nothing doubtful lies between, without the reflux taken
/// off and without what flows between. The ratio is free of the angle and of the lumen's scale. Null without
/// volumes or such a pair; the ratio too where the first does not count or rest before it was hardly seen.
json pumpOf(std::map<std::string, Column>& all) {
  json pump = {{"ml_per_min", nullptr}, {"rest_ml_per_min", nullptr}, {"ratio", nullptr}};
  pump["uncertainty_ml_per_min"] = pump["ratio_uncertainty"] = nullptr;
  // Of one kind: the muscle, where it shows, acts before the flow.
  const Column& onsetS = all["flow_onset_s"];
  const Column& volumeMl = all["ejected_volume_ml"];
  const Column& quality = all["quality"];
  double sumMl = 0;
  double errorMl = 0;
  double timeS = 0;
  std::vector<std::size_t> seen;  // in the flow: one that moves nothing only takes time
  for (std::size_t i = 0; i < onsetS.size(); ++i) {
    if (std::isfinite(onsetS[i])) seen.push_back(i);
  }
  for (std::size_t n = 0; n + 1 < seen.size(); ++n) {
    const std::size_t i = seen[n];
    const std::size_t next = seen[n + 1];
    if (!(quality[i] >= kSureQuality && quality[next] >= kSureQuality)) continue;
    if (onsetS[next] - onsetS[i] > kLongestCycleS) continue;
    sumMl += volumeMl[i];
    errorMl += all["ejected_volume_uncertainty_ml"][i];
    timeS += onsetS[next] - onsetS[i];
  }
  if (timeS <= 0) return pump;
  pump["ml_per_min"] = orNull(sumMl * 60 / timeS);
  pump["uncertainty_ml_per_min"] = orNull(errorMl * 60 / timeS);
  // A ratio of velocities is told only where rest was long enough and not hidden by the wall filter.
  const std::size_t first = seen.front();
  const double restCmPerS = all["baseline_velocity_cm_s"][first];
  if (!(quality[first] >= kSureQuality) || std::isnan(all["augmentation_ratio"][first])) return pump;
  const double restMl = volumeMl[first] - all["excess_volume_ml"][first];
  const double restPerMin = restMl * 60 / (all["end_s"][first] - all["flow_onset_s"][first]);
  pump["rest_ml_per_min"] = orNull(restPerMin);
  if (!(restPerMin > 0)) return pump;
  const double ratio = sumMl * 60 / timeS / restPerMin;
  // The lumen that both go through cancels.
  const double restErrorShare = all["baseline_velocity_uncertainty_cm_s"][first] / restCmPerS;
  pump["ratio"] = orNull(ratio);
  pump["ratio_uncertainty"] = orNull(ratio * std::hypot(errorMl / sumMl, restErrorShare));
  return pump;
}

/// By how much the flow begins after the muscle, by what showed the muscle: a force follows the EMG, so that
/// one mean over both would be neither's.
void addDelays(const Column& source, std::map<std::string, Column>& columns) {
  const std::size_t count = columns["onset_s"].size();
  for (const auto& [key, of] :
       {std::pair{"emg_to_flow_s", OnsetSource::kEmg}, std::pair{"force_to_flow_s", OnsetSource::kForce}}) {
    Column delayS(count, std::nan(""));
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (source[i] == static_cast<double>(of))
        delayS[i] = columns["flow_onset_s"][i] - columns["onset_s"][i];
    }
    columns[key] = std::move(delayS);
  }
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
  addDelays(source.value(), columns);
  const std::vector<std::string> sources = words(kOnsetSourceMeanings);
  json rows = json::array();
  std::map<std::string, Column> sure;
  for (std::size_t i = 0; i < count; ++i) {
    json row = {{"number", number.value()[i]}};
    for (const auto& [name, column] : columns) row[name] = orNull(column[i]);
    const double code = i < source.value().size() ? source.value()[i] : -1;
    const bool known = code >= 0 && code < static_cast<double>(sources.size());
    row["onset_source"] = known ? sources[static_cast<std::size_t>(code)] : "unknown";
    row["counts"] = columns["quality"][i] >= kSureQuality;
    if (row["counts"]) {
      for (const auto& [name, column] : columns) sure[name].push_back(column[i]);
      sure["number"].push_back(number.value()[i]);
    }
    rows.push_back(std::move(row));
  }
  std::size_t withoutFlow = 0;
  for (std::size_t i = 0; session.has("/contractions/flow_onset_s") && i < count; ++i)
    withoutFlow += std::isnan(columns["flow_onset_s"][i]) && !(columns["quality"][i] >= kSureQuality) ? 1 : 0;
  json summary = {{"count", sure["quality"].size()},
                  {"doubtful", count - sure["quality"].size() - withoutFlow},
                  {"without_flow", withoutFlow}};
  for (const char* key : kSeries)
    summary[key] = seriesOf(sure[key], sure[measureOf(key).uncertainty], sure["number"]);
  summary["pump"] = pumpOf(columns);
  summary["reflux"] = refluxOf(sure["reflux_duration_s"]);
  summary["rows"] = std::move(rows);
  return summary;
}

}  // namespace soleus
