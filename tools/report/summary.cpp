#include "tools/report/summary.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "pipeline/contraction/muscle_source.h"
#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"
#include "tools/report/contraction_summary.h"
#include "tools/report/doppler_summary.h"
#include "tools/report/numbers.h"
#include "tools/report/protocol_summary.h"
#include "tools/report/session_columns.h"
#include "tools/report/setup_line.h"

namespace soleus {
namespace {

using nlohmann::json;
using Column = std::vector<double>;

Status addVessel(const SessionReader& session, json& summary) {
  const auto diameter = columnIfPresent(session, "/vessel/diameter");
  if (!diameter.ok()) return diameter.error();
  const auto area = columnIfPresent(session, "/vessel/area");
  if (!area.ok()) return area.error();
  const auto seen = std::ranges::count_if(diameter.value(), [](double v) { return std::isfinite(v); });
  const auto [lowest, highest] = extremesOf(diameter.value());
  summary["vessel"] = {{"samples", diameter.value().size()},
                       {"seen_fraction", fraction(static_cast<std::size_t>(seen), diameter.value().size())},
                       {"diameter_mean_mm", meanOf(diameter.value())},
                       {"diameter_lowest_mm", orNull(lowest)},
                       {"diameter_highest_mm", orNull(highest)},
                       {"area_mean_mm2", meanOf(area.value())}};
  return Done{};
}

Status addDoppler(const SessionReader& session, json& summary) {
  auto doppler = dopplerSummary(session);
  if (!doppler.ok()) return doppler.error();
  summary["doppler"] = std::move(doppler).value();
  return Done{};
}

Status addFlow(const SessionReader& session, json& summary) {
  auto flow = flowSummary(session);
  if (!flow.ok()) return flow.error();
  summary["flow"] = std::move(flow).value();
  return Done{};
}

Status addContractions(const SessionReader& session, json& summary) {
  auto contractions = contractionSummary(session);
  if (!contractions.ok()) return contractions.error();
  summary["contractions"] = std::move(contractions).value();
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

/// After the parts that it compares.
Status addProtocol(const SessionReader& session, json& summary) {
  if (session.textAttribute("/", "protocol").empty()) return Done{};
  const auto asked = protocolOfConfiguration(session.textAttribute("/", "configuration"));
  if (!asked.ok()) return asked.error();
  if (asked.value()) summary["protocol"] = protocolSummary(*asked.value(), summary);
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

Status addSignals(const SessionReader& session, json& summary) {
  summary["signals"] = json::array();
  const std::vector<std::string> sources = words(kOnsetSourceMeanings);
  for (const std::string& name : session.members("/signals")) {
    const std::string path = "/signals/" + name;
    const auto time = session.column(path + "/time");
    if (!time.ok()) return time.error();
    const auto value = columnIfPresent(session, path + "/value", time.value().size());
    if (!value.ok()) return value.error();
    const std::string units = session.textAttribute(path + "/value", "units");
    const auto muscle = muscleSource(name, units);
    const auto [lowest, highest] = extremesOf(value.value());
    const Column& t = time.value();
    summary["signals"].push_back(
        {{"name", name},
         {"units", units},
         {"source", session.textAttribute(path, "source")},
         {"muscle", muscle ? json(sources[static_cast<std::size_t>(*muscle)]) : json(nullptr)},
         {"samples", t.size()},
         {"start_s", t.empty() ? json(nullptr) : json(t.front())},
         {"end_s", t.empty() ? json(nullptr) : json(t.back())},
         {"lowest", orNull(lowest)},
         {"highest", orNull(highest)}});
  }
  return Done{};
}

/// What the stream consists of.
const char* streamUnit(const SessionReader& session, const std::string& stream) {
  for (const std::string& signal : session.members("/signals")) {
    if (session.textAttribute("/signals/" + signal, "source") == stream) return "samples";
  }
  return "frames";
}

Status addStreams(const SessionReader& session, json& summary) {
  summary["streams"] = json::array();
  for (const std::string& name : session.members("/streams")) {
    if (name == "network_clock") continue;  // a clock that nothing is received from
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
                                  {"unit", streamUnit(session, name)},
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
  summary["setup"] = setupLine(session.textAttribute("/", "calibration"));
  struct Part {
    const char* path;
    Status (*add)(const SessionReader&, json&);
  };
  static constexpr Part kParts[] = {{"/doppler/time", addDoppler},
                                    {"/vessel/time", addVessel},
                                    {"/flow/time", addFlow},
                                    {"/contractions/contraction", addContractions},
                                    {"/", addEvents},
                                    {"/", addProtocol},
                                    {"/", addStreams},
                                    {"/", addSignals}};
  for (const Part& part : kParts) {
    if (std::string(part.path) != "/" && !session.has(part.path)) continue;
    const Status added = part.add(session, summary);
    if (!added.ok()) return added.error();
  }
  return summary;
}

}  // namespace soleus
