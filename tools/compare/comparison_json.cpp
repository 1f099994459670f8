#include "tools/compare/comparison_json.h"

#include <cmath>

#include "tools/compare/comparison_words.h"
#include "tools/report/numbers.h"

namespace soleus {
namespace {

using nlohmann::json;

json estimateJson(const Estimate& estimate) {
  json interval = nullptr;
  if (std::isfinite(estimate.low) && std::isfinite(estimate.high)) interval = {estimate.low, estimate.high};
  return {{"value", orNull(estimate.value)}, {"interval_95", std::move(interval)}};
}

json agreementJson(const Agreement& agreement, std::size_t session) {
  return {{"session", session},
          {"against", 1},
          {"cases", agreement.count},
          {"bias", estimateJson(agreement.bias)},
          {"sd", orNull(agreement.sd)},
          {"lower_limit", estimateJson(agreement.lower)},
          {"upper_limit", estimateJson(agreement.upper)}};
}

json differenceJson(const Estimate& difference, std::size_t session) {
  json isLarger = nullptr;
  if (std::isfinite(difference.low)) isLarger = difference.low > 0 || difference.high < 0;
  return {{"session", session},
          {"against", 1},
          {"difference", estimateJson(difference)},
          {"exceeds_uncertainty", std::move(isLarger)}};
}

json measureJson(const Comparison& comparison, const MeasureComparison& measure, const Measure& what) {
  json values = json::array();
  for (const auto& row : measure.values) {
    json cells = json::array();
    for (const double value : row) cells.push_back(orNull(value));
    values.push_back(std::move(cells));
  }
  json agreement = json::array();
  for (std::size_t j = 0; j < measure.agreement.size(); ++j)
    agreement.push_back(agreementJson(measure.agreement[j], j + 2));
  json differences = json::array();
  for (std::size_t j = 0; j < measure.differences.size(); ++j)
    differences.push_back(differenceJson(measure.differences[j], j + 2));
  const std::string because = whyNoIcc(comparison, measure);
  return {{"name", what.name},
          {"unit", what.unit},
          {"values", std::move(values)},
          {"agreement", std::move(agreement)},
          {"icc_2_1", estimateJson(measure.reliability.absolute)},
          {"icc_3_1", estimateJson(measure.reliability.consistent)},
          {"icc_cases", measure.reliability.subjects},
          {"icc_sessions", measure.reliability.sessions},
          {"icc_missing_because", because.empty() ? json(nullptr) : json(because)},
          {"sem", estimateJson(measure.within.sem)},
          {"mdc95", estimateJson(measure.within.mdc95)},
          {"within_subject_cv", estimateJson(measure.within.cv)},
          {"mean", orNull(measure.within.mean)},
          {"within_cases", measure.within.subjects},
          {"degrees_of_freedom", measure.within.freedom},
          {"differences", std::move(differences)},
          {"left_out", measure.leftOut}};
}

}  // namespace

json comparisonJson(const Comparison& comparison) {
  json sessions = json::array();
  for (const MeasuredSession& session : comparison.sessions)
    sessions.push_back({{"file", session.file},
                        {"session_id", session.sessionId},
                        {"created_utc", session.createdUtc},
                        {"status", session.status},
                        {"contractions", session.contractions},
                        {"doubtful", session.doubtful}});
  json cases = json::array();
  for (const Case& repeated : comparison.cases)
    cases.push_back({{"subject", repeated.subject},
                     {"limb", repeated.limb},
                     {"condition", repeated.condition},
                     {"sessions", repeated.sessions}});
  json measures = json::object();
  for (std::size_t i = 0; i < kMeasures.size(); ++i)
    measures[kMeasures[i].key] = measureJson(comparison, comparison.measures[i], kMeasures[i]);
  return {{"sessions", std::move(sessions)},
          {"cases", std::move(cases)},
          {"notes", comparison.notes},
          {"measures", std::move(measures)}};
}

}  // namespace soleus
