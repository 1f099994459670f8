/// Repeated sessions, put side by side.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "tools/compare/agreement.h"
#include "tools/compare/difference.h"
#include "tools/compare/measured_session.h"
#include "tools/compare/reliability.h"

namespace soleus {

/// One subject's limb under one condition: what repeats of are to agree.
struct Case {
  std::string subject;
  std::string limb;
  std::string condition;
  std::vector<std::size_t> sessions;  ///< indices, in order of time
};

/// One of kMeasures over all cases.
struct MeasureComparison {
  Repeats values;                    ///< a row for each case
  std::vector<Agreement> agreement;  ///< of the second, third, ... session against the first
  WithinSubject within;
  Reliability reliability;
  std::vector<Estimate> differences;  ///< as agreement, where there is one case alone; else empty
  std::string leftOut;                ///< which sessions had no value, and what lacks them; empty: none
};

struct Comparison {
  std::vector<MeasuredSession> sessions;
  std::vector<Case> cases;                  ///< measured twice or more; by subject, limb and condition
  std::vector<MeasureComparison> measures;  ///< as kMeasures
  std::vector<std::string> notes;           ///< what a reader has to know beside the numbers
  std::size_t mostRepeats = 0;              ///< of any case
};

/// Cases are told by subject, limb and condition; a case's sessions are in the order in which they
/// are given. Errors: kUsage where a session is given twice, or two that were measured from one recording;
/// kBadInput where some sessions name a subject and others none, or no case was measured twice.
Result<Comparison> compareSessions(std::vector<MeasuredSession> sessions);

/// "P01, left, seated heel raise"; without a subject "no subject named".
std::string nameOf(const Case& repeated);
/// "12 subjects, 24 sessions", or "14 cases of 7 subjects, 28 sessions" where legs or conditions of one
/// subject count apart.
std::string countOf(const Comparison& comparison);

}  // namespace soleus
