#include "tools/report/doppler_summary.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "pipeline/core/measurement.h"
#include "tools/report/held_peak.h"
#include "tools/report/numbers.h"
#include "tools/report/session_columns.h"

namespace soleus {
namespace {

using nlohmann::json;
using Column = std::vector<double>;

constexpr unsigned kNotUsable = kAliased | kLowSnr | kOverlay;

unsigned flagsAt(const Column& quality, std::size_t i) {
  return i < quality.size() && quality[i] >= 0 ? static_cast<unsigned>(quality[i]) : 0U;
}

/// Of a column without a velocity: for another reason than that no signal was seen.
bool isUnreadable(const Column& quality, std::size_t i) {
  const unsigned flags = flagsAt(quality, i);
  return (flags & (kOverlay | kCalibrationChanged)) != 0 && (flags & kLowSnr) == 0;
}

/// `values` with NaN where a flag of `mask` is set.
Column without(unsigned mask, const Column& values, const Column& quality) {
  Column kept = values;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if ((flagsAt(quality, i) & mask) != 0) kept[i] = std::nan("");
  return kept;
}

std::vector<bool> flagged(QualityFlag flag, const Column& quality, std::size_t size) {
  std::vector<bool> marked(size);
  for (std::size_t i = 0; i < size; ++i) marked[i] = (flagsAt(quality, i) & flag) != 0;
  return marked;
}

json medianOf(const Column& values) {
  Column finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double v) { return std::isfinite(v); });
  if (finite.empty()) return nullptr;
  const auto middle = finite.begin() + static_cast<std::ptrdiff_t>(finite.size() / 2);
  std::nth_element(finite.begin(), middle, finite.end());
  return *middle;
}

void addTimeAxis(json& doppler, const Column& timeS, const Column& quality) {
  const double stepS = medianStepS(timeS);
  double gapsS = 0;
  std::size_t gaps = 0;
  for (std::size_t i = 1; i < timeS.size(); ++i) {
    if ((flagsAt(quality, i) & kGapBefore) == 0) continue;
    ++gaps;
    gapsS += std::max(0.0, timeS[i] - timeS[i - 1] - stepS);
  }
  doppler["columns"] = timeS.size();
  doppler["start_s"] = timeS.empty() ? json(nullptr) : json(timeS.front());
  doppler["end_s"] = timeS.empty() ? json(nullptr) : json(timeS.back());
  doppler["covered_s"] = timeS.empty() ? 0.0 : timeS.back() - timeS.front() + stepS - gapsS;
  doppler["gaps"] = gaps;
  doppler["gaps_s"] = gapsS;
  doppler["column_step_s"] = stepS;
}

void addQuality(json& doppler, const Column& mean, const Column& quality) {
  const std::vector<std::string> names = words(kQualityMeanings);
  std::vector<std::size_t> counts(names.size(), 0);
  std::size_t usable = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const unsigned flags = flagsAt(quality, i);
    for (std::size_t bit = 0; bit < names.size(); ++bit) counts[bit] += (flags >> bit) & 1U;
    if (std::isfinite(mean[i]) && (flags & kNotUsable) == 0) ++usable;
  }
  doppler["usable_fraction"] = fraction(usable, mean.size());
  for (std::size_t bit = 0; bit < names.size(); ++bit)
    doppler["flag_fraction"][names[bit]] = fraction(counts[bit], mean.size());
}

/// Time average over the columns that are measured and not aliased, and what it becomes if the columns
/// without signal are counted as still blood. What is aliased or could not be read is not still: it counts in
/// neither.
void addMean(json& doppler, const Column& timeS, const Column& mean, const Column& quality) {
  const Column durationS = columnDurationsS(timeS, flagged(kGapBefore, quality, timeS.size()));
  double sum = 0;
  double measuredS = 0;
  double silentS = 0;
  std::size_t measured = 0;
  std::size_t silent = 0;
  std::size_t unreadable = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    if ((flagsAt(quality, i) & kAliased) != 0) continue;
    if (std::isfinite(mean[i])) {
      sum += mean[i] * durationS[i];
      measuredS += durationS[i];
      ++measured;
    } else if (isUnreadable(quality, i)) {
      ++unreadable;
    } else {
      silentS += durationS[i];
      ++silent;
    }
  }
  doppler["tamean_cm_per_s"] = average(sum, measuredS);
  doppler["tamean_if_unmeasured_is_zero_cm_per_s"] =
      measured == 0 ? json(nullptr) : average(sum, measuredS + silentS);
  doppler["tamean_columns"] = measured;
  doppler["measured_fraction"] = fraction(measured, mean.size());
  doppler["no_velocity_fraction"] = fraction(silent, mean.size());
  doppler["unreadable_fraction"] = fraction(unreadable, mean.size());
}

/// What the file tells of the error of `dominant`, the peak velocity, at `timeS`; NaN if nothing, or if the
/// peak at `timeS` is that of the other direction.
double uncertaintyAt(double peakTimeS, double sign, const Column& timeS, const Column& dominant,
                     const Column& uncertainty) {
  const auto found = std::lower_bound(timeS.begin(), timeS.end(), peakTimeS);
  const auto at = static_cast<std::size_t>(found - timeS.begin());
  if (at >= std::min(dominant.size(), uncertainty.size()) || !(dominant[at] * sign > 0)) return std::nan("");
  return uncertainty[at];
}

Status addPeaks(const SessionReader& session, json& doppler, const Column& timeS, const Column& quality) {
  const bool aliasingLasts = lasts(timeS, flagged(kAliased, quality, timeS.size()));
  doppler["aliasing_lasts"] = aliasingLasts;
  const auto dominant = columnIfPresent(session, "/doppler/peak_velocity", timeS.size());
  if (!dominant.ok()) return dominant.error();
  const auto uncertainty = columnIfPresent(session, "/doppler/peak_velocity_uncertainty", timeS.size());
  if (!uncertainty.ok()) return uncertainty.error();
  for (const auto& [name, sign] : {std::pair{"forward", 1.0}, std::pair{"reverse", -1.0}}) {
    auto trace = columnIfPresent(session, std::string("/doppler/peak_velocity_") + name, timeS.size());
    if (!trace.ok()) return trace.error();
    trace.value().resize(timeS.size(), std::nan(""));
    const auto peak = heldPeak(timeS, without(kNotUsable, trace.value(), quality), sign);
    const bool known = peak.has_value() && !aliasingLasts;
    const std::string key = std::string("peak_") + name;
    doppler[key + "_cm_per_s"] = known ? json(peak->cmPerS) : json(nullptr);
    doppler[key + "_time_s"] = known && peak->cmPerS != 0 ? json(peak->timeS) : json(nullptr);
    doppler[key + "_uncertainty_cm_per_s"] =
        known ? orNull(uncertaintyAt(peak->timeS, sign, timeS, dominant.value(), uncertainty.value()))
              : json(nullptr);
  }
  const Column usable = without(kNotUsable, dominant.value(), quality);
  std::vector<bool> away(usable.size());
  std::transform(usable.begin(), usable.end(), away.begin(), [](double v) { return v < 0; });
  doppler["longest_away_s"] =
      usable.empty() ? json(nullptr)
                     : json(longestRunS(timeS, away, flagged(kGapBefore, quality, timeS.size())));
  return Done{};
}

}  // namespace

Result<json> dopplerSummary(const SessionReader& session) {
  const auto time = columnIfPresent(session, "/doppler/time");
  if (!time.ok()) return time.error();
  const Column& timeS = time.value();
  const auto quality = columnIfPresent(session, "/doppler/quality", timeS.size());
  if (!quality.ok()) return quality.error();
  json doppler;
  addTimeAxis(doppler, timeS, quality.value());
  if (const Status added = addPeaks(session, doppler, timeS, quality.value()); !added.ok())
    return added.error();
  const auto mean = columnIfPresent(session, "/doppler/mean_velocity", timeS.size());
  if (!mean.ok()) return mean.error();
  addMean(doppler, timeS, mean.value(), quality.value());
  addQuality(doppler, mean.value(), quality.value());
  const auto snr = columnIfPresent(session, "/doppler/snr", timeS.size());
  if (!snr.ok()) return snr.error();
  doppler["snr_median_db"] = medianOf(snr.value());
  const auto velocity = columnIfPresent(session, "/doppler/velocity");
  if (!velocity.ok()) return velocity.error();
  const Column& axis = velocity.value();
  doppler["velocity_lowest_cm_per_s"] = axis.empty() ? json(nullptr) : orNull(axis.front());
  doppler["velocity_highest_cm_per_s"] = axis.empty() ? json(nullptr) : orNull(axis.back());
  return doppler;
}

Result<json> flowSummary(const SessionReader& session) {
  const auto flow = columnIfPresent(session, "/flow/volume_flow");
  if (!flow.ok()) return flow.error();
  const auto time = columnIfPresent(session, "/flow/time");
  if (!time.ok()) return time.error();
  const std::size_t size = std::min(flow.value().size(), time.value().size());
  // Each flow value belongs to the Doppler column of the same index; a file cut short may hold fewer of one.
  const auto mean = columnIfPresent(session, "/doppler/mean_velocity");
  if (!mean.ok()) return mean.error();
  const auto quality = columnIfPresent(session, "/doppler/quality");
  if (!quality.ok()) return quality.error();
  const Column durationS =
      columnDurationsS(time.value(), flagged(kGapBefore, quality.value(), time.value().size()));
  double sum = 0;
  double measuredS = 0;
  double silentS = 0;
  std::size_t measured = 0;
  std::size_t silent = 0;
  std::size_t unreadable = 0;
  std::size_t withoutLumen = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if ((flagsAt(quality.value(), i) & kAliased) != 0) continue;
    if (std::isfinite(flow.value()[i])) {
      sum += flow.value()[i] * durationS[i];
      measuredS += durationS[i];
      ++measured;
    } else if (i < mean.value().size() && std::isfinite(mean.value()[i])) {
      ++withoutLumen;
    } else if (isUnreadable(quality.value(), i)) {
      ++unreadable;
    } else {
      silentS += durationS[i];
      ++silent;
    }
  }
  return json{{"columns", measured},
              {"mean_ml_per_min", average(sum, measuredS)},
              {"mean_if_unmeasured_is_zero_ml_per_min",
               measured == 0 ? json(nullptr) : average(sum, measuredS + silentS)},
              {"measured_fraction", fraction(measured, size)},
              {"no_velocity_fraction", fraction(silent, size)},
              {"unreadable_fraction", fraction(unreadable, size)},
              {"no_lumen_fraction", fraction(withoutLumen, size)}};
}

}  // namespace soleus
