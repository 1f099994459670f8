#include "tools/report/summary.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "pipeline/core/measurement.h"
#include "tools/report/session_columns.h"

namespace soleus {
namespace {

using nlohmann::json;
using Column = std::vector<double>;

json orNull(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

/// Mean of the finite values and their number.
struct Mean {
  double sum = 0;
  std::size_t count = 0;
  void add(double value) {
    if (!std::isfinite(value)) return;
    sum += value;
    ++count;
  }
  [[nodiscard]] json value() const {
    return count == 0 ? json(nullptr) : json(sum / static_cast<double>(count));
  }
};

Mean meanOf(const Column& values) {
  Mean mean;
  for (const double value : values) mean.add(value);
  return mean;
}

json fraction(std::size_t part, std::size_t whole) {
  return whole == 0 ? json(nullptr) : json(static_cast<double>(part) / static_cast<double>(whole));
}

unsigned flagsAt(const Column& quality, std::size_t i) {
  return i < quality.size() && quality[i] >= 0 ? static_cast<unsigned>(quality[i]) : 0U;
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

/// The farthest value in the direction `sign` among columns that can be trusted to hold blood flow.
void addPeak(json& doppler, const std::string& name, double sign, const Column& timeS, const Column& values,
             const Column& quality) {
  std::size_t best = values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]) || (flagsAt(quality, i) & (kLowSnr | kOverlay)) != 0) continue;
    if (best == values.size() || sign * values[i] > sign * values[best]) best = i;
  }
  const bool found = best < values.size();
  doppler[name + "_cm_per_s"] = found ? json(values[best]) : json(nullptr);
  doppler[name + "_time_s"] = found ? json(timeS[best]) : json(nullptr);
  doppler[name + "_aliased"] = found && (flagsAt(quality, best) & kAliased) != 0;
}

void addTimeAxis(json& doppler, const Column& timeS) {
  const double stepS = medianStepS(timeS);
  double gapsS = 0;
  const auto gaps = gapsAfter(timeS, kGapSteps * stepS);
  for (const std::size_t i : gaps) gapsS += timeS[i + 1] - timeS[i] - stepS;
  doppler["columns"] = timeS.size();
  doppler["start_s"] = timeS.empty() ? json(nullptr) : json(timeS.front());
  doppler["end_s"] = timeS.empty() ? json(nullptr) : json(timeS.back());
  doppler["covered_s"] = timeS.empty() ? 0.0 : timeS.back() - timeS.front() + stepS - gapsS;
  doppler["gaps"] = gaps.size();
  doppler["gaps_s"] = gapsS;
  doppler["column_step_s"] = stepS;
}

void addQuality(json& doppler, const Column& mean, const Column& quality) {
  const std::vector<std::string> names = words(kQualityMeanings);
  std::vector<std::size_t> flagged(names.size(), 0);
  std::size_t usable = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const unsigned flags = flagsAt(quality, i);
    for (std::size_t bit = 0; bit < names.size(); ++bit) flagged[bit] += (flags >> bit) & 1U;
    if (std::isfinite(mean[i]) && (flags & (kAliased | kLowSnr | kOverlay)) == 0) ++usable;
  }
  doppler["usable_fraction"] = fraction(usable, mean.size());
  for (std::size_t bit = 0; bit < names.size(); ++bit)
    doppler["flag_fraction"][names[bit]] = fraction(flagged[bit], mean.size());
}

Status addDoppler(const SessionReader& session, json& summary) {
  const auto time = columnIfPresent(session, "/doppler/time");
  if (!time.ok()) return time.error();
  const Column& timeS = time.value();
  const auto quality = columnIfPresent(session, "/doppler/quality", timeS.size());
  if (!quality.ok()) return quality.error();
  json doppler;
  addTimeAxis(doppler, timeS);
  for (const auto& [name, sign] : {std::pair{"forward", 1.0}, std::pair{"reverse", -1.0}}) {
    const auto peak = columnIfPresent(session, std::string("/doppler/peak_velocity_") + name, timeS.size());
    if (!peak.ok()) return peak.error();
    addPeak(doppler, std::string("peak_") + name, sign, timeS, peak.value(), quality.value());
  }
  const auto mean = columnIfPresent(session, "/doppler/mean_velocity", timeS.size());
  if (!mean.ok()) return mean.error();
  const Mean tamean = meanOf(mean.value());
  doppler["tamean_cm_per_s"] = tamean.value();
  doppler["tamean_columns"] = tamean.count;
  addQuality(doppler, mean.value(), quality.value());
  const auto snr = columnIfPresent(session, "/doppler/snr", timeS.size());
  if (!snr.ok()) return snr.error();
  doppler["snr_median_db"] = medianOf(snr.value());
  const auto velocity = columnIfPresent(session, "/doppler/velocity");
  if (!velocity.ok()) return velocity.error();
  doppler["velocity_lowest_cm_per_s"] =
      velocity.value().empty() ? json(nullptr) : orNull(velocity.value().front());
  doppler["velocity_highest_cm_per_s"] =
      velocity.value().empty() ? json(nullptr) : orNull(velocity.value().back());
  summary["doppler"] = std::move(doppler);
  return Done{};
}

Status addVessel(const SessionReader& session, json& summary) {
  const auto diameter = columnIfPresent(session, "/vessel/diameter");
  if (!diameter.ok()) return diameter.error();
  const auto area = columnIfPresent(session, "/vessel/area");
  if (!area.ok()) return area.error();
  Column seen;
  std::copy_if(diameter.value().begin(), diameter.value().end(), std::back_inserter(seen),
               [](double v) { return std::isfinite(v); });
  const auto [lowest, highest] = std::minmax_element(seen.begin(), seen.end());
  summary["vessel"] = {{"samples", diameter.value().size()},
                       {"seen_fraction", fraction(seen.size(), diameter.value().size())},
                       {"diameter_mean_mm", meanOf(seen).value()},
                       {"diameter_lowest_mm", seen.empty() ? json(nullptr) : json(*lowest)},
                       {"diameter_highest_mm", seen.empty() ? json(nullptr) : json(*highest)},
                       {"area_mean_mm2", meanOf(area.value()).value()}};
  return Done{};
}

Status addFlow(const SessionReader& session, json& summary) {
  const auto flow = columnIfPresent(session, "/flow/volume_flow");
  if (!flow.ok()) return flow.error();
  const Mean mean = meanOf(flow.value());
  summary["flow"] = {{"columns", mean.count}, {"mean_ml_per_min", mean.value()}};
  return Done{};
}

Status addEvents(const SessionReader& session, json& summary) {
  summary["events"] = json::array();
  const auto time = columnIfPresent(session, "/events/time");
  if (!time.ok()) return time.error();
  if (time.value().empty()) return Done{};
  const auto kind = columnIfPresent(session, "/events/kind", time.value().size());
  if (!kind.ok()) return kind.error();
  const auto label = session.texts("/events/label");
  if (!label.ok()) return label.error();
  const std::vector<std::string> kinds = words(kEventMeanings);
  for (std::size_t i = 0; i < time.value().size(); ++i) {
    const double code = i < kind.value().size() ? kind.value()[i] : -1;
    const bool known = code >= 0 && code < static_cast<double>(kinds.size());
    summary["events"].push_back({{"time_s", orNull(time.value()[i])},
                                 {"kind", known ? kinds[static_cast<std::size_t>(code)] : "unknown"},
                                 {"label", i < label.value().size() ? label.value()[i] : ""}});
  }
  return Done{};
}

Result<json> streamGaps(const SessionReader& session, const std::string& group) {
  json gaps = json::array();
  const auto start = columnIfPresent(session, group + "/start_s");
  if (!start.ok()) return start.error();
  if (start.value().empty()) return gaps;
  const auto end = columnIfPresent(session, group + "/end_s", start.value().size());
  if (!end.ok()) return end.error();
  const auto count = columnIfPresent(session, group + "/count", start.value().size());
  if (!count.ok()) return count.error();
  const auto cause = session.texts(group + "/cause");
  if (!cause.ok()) return cause.error();
  for (std::size_t i = 0; i < start.value().size(); ++i)
    gaps.push_back({{"start_s", orNull(start.value()[i])},
                    {"end_s", i < end.value().size() ? orNull(end.value()[i]) : json(nullptr)},
                    {"count", i < count.value().size() ? orNull(count.value()[i]) : json(nullptr)},
                    {"cause", i < cause.value().size() ? cause.value()[i] : ""}});
  return gaps;
}

Status addStreams(const SessionReader& session, json& summary) {
  summary["streams"] = json::array();
  for (const std::string& name : session.members("/streams")) {
    const std::string path = "/streams/" + name;
    const double received = session.numberAttribute(path, "received");
    const double written = session.numberAttribute(path, "written");
    double dropped = 0;
    json causes = json::object();
    for (const std::string& attribute : session.attributeNames(path)) {
      static const std::string kPrefix = "dropped_";
      if (attribute.rfind(kPrefix, 0) != 0) continue;
      const double count = session.numberAttribute(path, attribute);
      causes[attribute.substr(kPrefix.size())] = orNull(count);
      dropped += count;
    }
    auto gaps = streamGaps(session, path + "/gaps");
    if (!gaps.ok()) return gaps.error();
    summary["streams"].push_back({{"name", name},
                                  {"received", orNull(received)},
                                  {"written", orNull(written)},
                                  {"dropped", std::move(causes)},
                                  {"balanced", received == written + dropped},
                                  {"gaps", std::move(gaps).value()}});
  }
  return Done{};
}

}  // namespace

Result<json> reportSummary(const SessionReader& session) {
  json summary;
  for (const char* name : {"schema", "title", "session_id", "created_utc", "status", "software", "subject",
                           "limb", "condition", "configuration", "calibration"})
    summary[name] = session.textAttribute("/", name);
  struct Part {
    const char* path;
    Status (*add)(const SessionReader&, json&);
  };
  static constexpr Part kParts[] = {{"/doppler/time", addDoppler},
                                    {"/vessel/time", addVessel},
                                    {"/flow/time", addFlow},
                                    {"/", addEvents},
                                    {"/", addStreams}};
  for (const Part& part : kParts) {
    if (std::string(part.path) != "/" && !session.has(part.path)) continue;
    const Status added = part.add(session, summary);
    if (!added.ok()) return added.error();
  }
  return summary;
}

}  // namespace soleus
