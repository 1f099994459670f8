#include "tools/compare/measured_session.h"

#include <nlohmann/json.hpp>
#include <regex>

#include "tools/report/contraction_summary.h"

namespace soleus {
namespace {

using nlohmann::json;

double numberOf(const json& part, const char* key) {
  const json& number = part.at(key);
  return number.is_number() ? number.get<double>() : kNotKnown;
}

SessionMean seriesMean(const json& series) {
  return {series.at("count").get<std::size_t>(), numberOf(series, "mean"), numberOf(series, "sd"),
          numberOf(series, "measurement_uncertainty")};
}

SessionMean meanOf(const json& contractions, const std::string& key) {
  const json& pump = contractions.at("pump");
  if (key == "pump_ml_per_min") return {0, numberOf(pump, "ml_per_min"), kNotKnown, kNotKnown};
  if (key == "pump_ratio") return {0, numberOf(pump, "ratio"), kNotKnown, kNotKnown};
  return seriesMean(contractions.at(key));
}

/// As `analyse` writes it into the configuration.
std::string inputSha256(const std::string& configuration) {
  static const std::regex kInput("sha256: ([0-9a-f]{64})");
  std::smatch found;
  return std::regex_search(configuration, found, kInput) ? found[1].str() : "";
}

}  // namespace

Result<MeasuredSession> measuredSession(const SessionReader& session, const std::string& file) {
  if (!session.has("/contractions/contraction")) {
    return Error{ErrorKind::kBadInput, file, "has no contractions to compare", "no table /contractions",
                 "a session that 'soleus analyse' measured"};
  }
  const auto summary = contractionSummary(session);
  if (!summary.ok()) {
    Error error = summary.error();
    error.where = file + ", " + error.where;
    return error;
  }
  MeasuredSession measured;
  measured.file = file;
  for (const auto& [name, text] :
       {std::pair{"session_id", &measured.sessionId}, std::pair{"created_utc", &measured.createdUtc},
        std::pair{"subject", &measured.subject}, std::pair{"limb", &measured.limb},
        std::pair{"condition", &measured.condition}, std::pair{"status", &measured.status}})
    *text = session.textAttribute("/", name);
  if (measured.sessionId.empty())
    return Error{ErrorKind::kBadInput, file, "cannot be told from other sessions", "no session_id", "a UUID"};
  measured.inputSha256 = inputSha256(session.textAttribute("/", "configuration"));
  measured.contractions = summary.value().at("count").get<std::size_t>();
  if (measured.contractions == 0)
    return Error{ErrorKind::kBadInput, file, "has no contractions that count", "nothing to compare",
                 "a session in which the report counts some"};
  measured.doubtful = summary.value().at("doubtful").get<std::size_t>();
  for (const Measure& measure : kMeasures) measured.measures.push_back(meanOf(summary.value(), measure.key));
  return measured;
}

}  // namespace soleus
