#include "tools/report/protocol_summary.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "pipeline/contraction/answer_cues.h"
#include "tools/report/number_text.h"
#include "tools/report/numbers.h"

namespace soleus {
namespace {

using nlohmann::json;

// A recording may end with the protocol's last second.
constexpr double kEarlyS = 1;
// More names than this are for the table.
constexpr std::size_t kMostNames = 6;

/// Which rows: those that count, those that an EMG or a force shows and no flow followed, and doubtful ones.
enum class Kind { kCounts, kWithoutFlow, kDoubtful };

Kind kindOf(const json& row) {
  if (row.value("counts", false)) return Kind::kCounts;
  return std::isnan(numberOf(row, "flow_onset_s")) ? Kind::kWithoutFlow : Kind::kDoubtful;
}

/// Contractions of one kind within the protocol's time.
struct Onsets {
  std::vector<double> timeS;
  std::vector<json> rows;
};

Onsets onsetsOf(const json& rows, const std::vector<Kind>& kinds, double startS, double endS) {
  Onsets onsets;
  for (const json& row : rows) {
    const double timeS = numberOf(row, "onset_s");
    if (std::ranges::find(kinds, kindOf(row)) == kinds.end() || !(timeS >= startS && timeS <= endS)) continue;
    onsets.timeS.push_back(timeS);
    onsets.rows.push_back(row);
  }
  return onsets;
}

double medianOf(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// "1 cue", "3 cues".
std::string counted(long long count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

json protocolSummary(const ProtocolInForce& inForce, const json& summary) {
  const Protocol& protocol = inForce.protocol;
  const double endS = endOfProtocolS(inForce);
  json cues = json::array();
  std::vector<double> cueS;
  for (const json& event : summary.value("events", json::array())) {
    if (event.value("kind", "") != "cue" || !std::isfinite(numberOf(event, "time_s"))) continue;
    cues.push_back({{"time_s", event["time_s"]},
                    {"label", event["label"]},
                    {"contraction", nullptr},
                    {"without_flow", false},
                    {"doubtful", nullptr},
                    {"delay_s", nullptr},
                    {"peak_velocity_cm_s", nullptr},
                    {"reflux_duration_s", nullptr}});
    cueS.push_back(event["time_s"]);
  }
  json made = {{"name", protocol.name},
               {"title", protocol.title},
               {"posture", protocol.posture},
               {"instruction", protocol.instruction},
               {"muscle", protocol.muscle},
               {"expects", expectedName(protocol.expected)},
               {"start_s", inForce.startS},
               {"end_s", endS},
               {"ended_early_s", 0.0},
               {"asked", protocol.cues ? protocol.cues->count : 0},
               {"given", cueS.size()},
               {"done", nullptr},
               {"delay_median_s", nullptr},
               {"unexpected", nullptr},
               {"without_flow", 0}};
  if (summary.contains("doppler")) {
    const double earlyS = endS - numberOf(summary["doppler"], "end_s");
    if (earlyS > kEarlyS) made["ended_early_s"] = earlyS;
  }
  if (!summary.contains("contractions")) {
    made["cues"] = std::move(cues);
    return made;
  }
  const double intervalS = protocol.cues ? protocol.cues->intervalS : 0;
  const json& rows = summary["contractions"]["rows"];
  // The last cue may be answered after the rest that follows it is over.
  const double untilS = cueS.empty() ? endS : std::max(endS, cueS.back() + answerAfterS(intervalS));
  const Onsets sure = onsetsOf(rows, {Kind::kCounts, Kind::kWithoutFlow}, inForce.startS, untilS);
  const Onsets doubtful = onsetsOf(rows, {Kind::kDoubtful}, inForce.startS, untilS);
  const auto answers = answersToCues(cueS, sure.timeS, intervalS);
  const auto perhaps = answersToCues(cueS, doubtful.timeS, intervalS);
  std::vector<double> delaysS;
  std::vector<bool> answering(sure.rows.size());
  for (std::size_t i = 0; i < cueS.size(); ++i) {
    if (answers[i]) {
      const json& row = sure.rows[*answers[i]];
      answering[*answers[i]] = true;
      delaysS.push_back(sure.timeS[*answers[i]] - cueS[i]);
      cues[i]["contraction"] = row["number"];
      cues[i]["without_flow"] = kindOf(row) == Kind::kWithoutFlow;
      made["without_flow"] = made["without_flow"].get<int>() + (kindOf(row) == Kind::kWithoutFlow ? 1 : 0);
      cues[i]["delay_s"] = delaysS.back();
      for (const char* measure : {"peak_velocity_cm_s", "reflux_duration_s"})
        cues[i][measure] = row.value(measure, json(nullptr));
    } else if (perhaps[i]) {
      cues[i]["doubtful"] = doubtful.rows[*perhaps[i]]["number"];
    }
  }
  const bool rest = protocol.expected == Expected::kRest;
  made["done"] = rest ? cueS.size() - delaysS.size() : delaysS.size();
  made["delay_median_s"] = orNull(medianOf(delaysS));
  made["unexpected"] = json::array();
  for (std::size_t i = 0; i < sure.rows.size(); ++i) {
    if (rest || !answering[i]) made["unexpected"].push_back(sure.rows[i]["number"]);
  }
  made["cues"] = std::move(cues);
  return made;
}

std::vector<std::string> unlikeAsked(const json& protocol) {
  std::vector<std::string> differences;
  const auto asked = protocol.value("asked", 0LL);
  const auto given = protocol.value("given", 0LL);
  const double earlyS = shareOf(protocol, "ended_early_s");
  if (given < asked || (asked == 0 && earlyS > 0))
    differences.push_back(
        given < asked
            ? std::to_string(asked - given) + " of " + counted(asked, "cue") + " lie outside the recording"
            : "it ends " + plainNumber(earlyS, 0) + " s before the rest that was asked for does");
  if (protocol["done"].is_null()) return differences;
  const bool rest = protocol.value("expects", "") == "rest";
  const auto missing = given - protocol["done"].get<long long>();
  if (!rest && missing > 0)
    differences.push_back("no contraction followed " + std::to_string(missing) + " of " +
                          counted(given, "cue"));
  if (const auto silent = protocol.value("without_flow", 0LL); !rest && silent > 0)
    differences.push_back("the muscle acted and no flow followed after " + std::to_string(silent) + " of " +
                          counted(given, "cue"));
  if (const std::size_t more = protocol["unexpected"].size(); more > 0)
    differences.push_back(counted(static_cast<long long>(more), "contraction") +
                          (rest ? " where rest was asked for" : " without a cue"));
  return differences;
}

std::string unexpectedNames(const json& protocol) {
  std::string names;
  const json& all = protocol["unexpected"];
  for (std::size_t i = 0; i < std::min(all.size(), kMostNames); ++i)
    names += (i == 0 ? "C" : ", C") + plainNumber(all[i].get<double>(), 0);
  if (all.size() > kMostNames) names += " and " + std::to_string(all.size() - kMostNames) + " more";
  return names;
}

}  // namespace soleus
