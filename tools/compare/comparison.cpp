#include "tools/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace soleus {
namespace {

Status checkSessions(const std::vector<MeasuredSession>& sessions) {
  std::map<std::string, const MeasuredSession*> known;
  std::map<std::string, const MeasuredSession*> measured;
  const MeasuredSession* named = nullptr;
  const MeasuredSession* nameless = nullptr;
  for (const MeasuredSession& session : sessions) {
    const auto [first, isNew] = known.emplace(session.sessionId, &session);
    if (!isNew) {
      return Error{ErrorKind::kUsage, session.file, "is the same session as " + first->second->file,
                   "session_id " + session.sessionId + " twice", "each session once"};
    }
    if (!session.inputSha256.empty()) {
      const auto [before, isOther] = measured.emplace(session.inputSha256, &session);
      if (!isOther) {
        return Error{ErrorKind::kUsage, session.file,
                     "was measured from the same recording as " + before->second->file,
                     "input sha256 " + session.inputSha256.substr(0, 12) + "... twice",
                     "each recording once"};
      }
    }
    (session.subject.empty() ? nameless : named) = &session;
  }
  if (named != nullptr && nameless != nullptr) {
    return Error{ErrorKind::kBadInput, nameless->file, "does not say whose session it is", "no subject",
                 "the code of a subject (soleus analyse --subject), as " + named->file + " has"};
  }
  return Done{};
}

std::vector<Case> casesOf(const std::vector<MeasuredSession>& sessions) {
  std::map<std::tuple<std::string, std::string, std::string>, Case> cases;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const MeasuredSession& session = sessions[i];
    Case& repeated = cases[{session.subject, session.limb, session.condition}];
    repeated.subject = session.subject;
    repeated.limb = session.limb;
    repeated.condition = session.condition;
    repeated.sessions.push_back(i);
  }
  std::vector<Case> inOrder;
  for (auto& entry : cases) inOrder.push_back(std::move(entry.second));
  return inOrder;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "; ") + name;
  return text;
}

std::size_t subjectsOf(const std::vector<Case>& cases) {
  std::set<std::string> subjects;
  for (const Case& repeated : cases) subjects.insert(repeated.subject);
  return subjects.size();
}

std::vector<std::string> notesOf(const Comparison& comparison, const std::vector<std::string>& single) {
  std::vector<std::string> notes;
  if (!single.empty()) notes.push_back("Measured only once and left out: " + joined(single) + ".");
  if (comparison.cases.front().subject.empty())
    notes.emplace_back(
        "The sessions name no subject: those of equal limb and condition were taken as one subject's.");
  std::vector<std::string> fewer;
  for (const Case& repeated : comparison.cases)
    if (const std::size_t sessions = repeated.sessions.size(); sessions < comparison.mostRepeats)
      fewer.push_back(nameOf(repeated) + " (" + std::to_string(sessions) + ")");
  if (!fewer.empty())
    notes.push_back(
        "Fewer than " + std::to_string(comparison.mostRepeats) + " sessions: " + joined(fewer) +
        ". SEM, MDC95 and CV use all sessions; the ICC that number of first sessions by which it uses "
        "the most values, and the cases that have them.");
  std::set<std::string> conditions;
  for (const Case& repeated : comparison.cases) conditions.insert(repeated.condition);
  if (subjectsOf(comparison.cases) < comparison.cases.size())
    notes.emplace_back(
        "Legs or conditions of one subject are counted as separate cases. They are not independent: the "
        "intervals are narrower than they should be.");
  if (conditions.size() > 1)
    notes.emplace_back(
        "The cases are of different conditions: how far these differ raises the ICC. Compare each condition "
        "by itself as well.");
  std::vector<std::string> cut;
  for (const Case& repeated : comparison.cases) {
    for (std::size_t j = 0; j < repeated.sessions.size(); ++j) {
      const std::string& status = comparison.sessions[repeated.sessions[j]].status;
      if (status != "complete")
        cut.push_back(nameOf(repeated) + ", session " + std::to_string(j + 1) + " (" + status + ")");
    }
  }
  if (!cut.empty()) notes.push_back("Sessions that are not whole: " + joined(cut) + ".");
  return notes;
}

Repeats valuesOf(const Comparison& comparison, std::size_t measure) {
  Repeats values;
  for (const Case& repeated : comparison.cases) {
    std::vector<double>& row = values.emplace_back();
    for (const std::size_t i : repeated.sessions)
      row.push_back(comparison.sessions[i].measures[measure].mean);
  }
  return values;
}

/// Of the cases that have a value in both sessions.
Agreement agreementWithFirst(const Repeats& values, std::size_t session) {
  std::vector<double> differences;
  for (const auto& row : values) {
    if (row.size() <= session) continue;
    const double difference = row[session] - row.front();
    if (std::isfinite(difference)) differences.push_back(difference);
  }
  return agreementOf(differences);
}

std::string outOf(std::size_t part, std::size_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole);
}

/// Cases that have so many sessions, whether they gave a value or not.
std::size_t casesWith(const Repeats& values, std::size_t sessions) {
  return static_cast<std::size_t>(
      std::ranges::count_if(values, [&](const std::vector<double>& row) { return row.size() >= sessions; }));
}

/// For want of values alone; that cases were measured unequally often is among the notes.
std::string leftOutOf(const MeasureComparison& measure) {
  std::size_t sessions = 0;
  std::size_t known = 0;
  for (const auto& row : measure.values) {
    sessions += row.size();
    known += static_cast<std::size_t>(std::ranges::count_if(row, [](double v) { return std::isfinite(v); }));
  }
  if (known == sessions) return "";
  std::string text = "No value in " + outOf(sessions - known, sessions) + " sessions.";
  const std::size_t cases = measure.values.size();
  if (cases == 1) return text;
  for (std::size_t j = 0; j < measure.agreement.size(); ++j) {
    const std::size_t whole = casesWith(measure.values, j + 2);
    if (measure.agreement[j].count < whole)
      text += " Sessions 1 and " + std::to_string(j + 2) + ": " + outOf(measure.agreement[j].count, whole) +
              " have both.";
  }
  const Reliability& reliability = measure.reliability;
  const std::size_t needed = std::max<std::size_t>(reliability.sessions, 2);
  if (const std::size_t whole = casesWith(measure.values, needed); reliability.subjects < whole)
    text += " ICC: " + outOf(reliability.subjects, whole) + " have all of the first " +
            std::to_string(needed) + ".";
  if (measure.within.subjects < cases)
    text += " SEM: " + outOf(measure.within.subjects, cases) + " have two or more.";
  return text;
}

MeasureComparison compareMeasure(const Comparison& comparison, std::size_t index) {
  MeasureComparison measure;
  measure.values = valuesOf(comparison, index);
  measure.within = withinSubject(measure.values);
  measure.reliability = reliabilityOf(measure.values);
  for (std::size_t j = 1; j < comparison.mostRepeats; ++j)
    measure.agreement.push_back(agreementWithFirst(measure.values, j));
  if (comparison.cases.size() == 1) {
    const auto& repeats = comparison.cases.front().sessions;
    const auto meanIn = [&](std::size_t j) { return comparison.sessions[repeats[j]].measures[index]; };
    for (std::size_t j = 1; j < repeats.size(); ++j)
      measure.differences.push_back(differenceOf(meanIn(0), meanIn(j)));
  }
  measure.leftOut = leftOutOf(measure);
  return measure;
}

}  // namespace

std::string nameOf(const Case& repeated) {
  std::string name = repeated.subject.empty() ? "no subject named" : repeated.subject;
  if (!repeated.limb.empty()) name += ", " + repeated.limb;
  if (!repeated.condition.empty()) name += ", " + repeated.condition;
  return name;
}

std::string countOf(const Comparison& comparison) {
  const std::size_t cases = comparison.cases.size();
  const std::size_t subjects = subjectsOf(comparison.cases);
  std::size_t sessions = 0;
  for (const Case& repeated : comparison.cases) sessions += repeated.sessions.size();
  std::string people = std::to_string(subjects) + (subjects == 1 ? " subject" : " subjects");
  if (subjects < cases) people = std::to_string(cases) + " cases of " + people;
  return people + ", " + std::to_string(sessions) + " sessions";
}

Result<Comparison> compareSessions(std::vector<MeasuredSession> sessions) {
  const Status usable = checkSessions(sessions);
  if (!usable.ok()) return usable.error();
  Comparison comparison;
  comparison.sessions = std::move(sessions);
  std::vector<std::string> single;
  for (Case& repeated : casesOf(comparison.sessions)) {
    comparison.mostRepeats = std::max(comparison.mostRepeats, repeated.sessions.size());
    if (repeated.sessions.size() < 2)
      single.push_back(nameOf(repeated));
    else
      comparison.cases.push_back(std::move(repeated));
  }
  if (comparison.cases.empty()) {
    return Error{ErrorKind::kBadInput, comparison.sessions.front().file,
                 "is not a repeat of any other session", joined(single),
                 "two sessions with the same subject, limb and condition"};
  }
  for (std::size_t i = 0; i < kMeasures.size(); ++i)
    comparison.measures.push_back(compareMeasure(comparison, i));
  comparison.notes = notesOf(comparison, single);
  return comparison;
}

}  // namespace soleus
