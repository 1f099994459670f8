/// A comparison for programs.
#pragma once

#include <nlohmann/json.hpp>

#include "tools/compare/comparison.h"

namespace soleus {

/// What `soleus compare --json` prints. Numbers are in the unit in which the measure's key ends; null is a
/// number that cannot be told; ESTIMATE is {value, interval_95: [low, high] or null}.
///
/// sessions: [{file, session_id, created_utc, status, contractions, doubtful}] as given
/// cases:    [{subject, limb, condition, sessions: [index, ...] in order of time}]
/// notes:    [sentence, ...]
/// measures: {KEY: {name, unit, values: [[of each session, ...] of each case, ...],
///   agreement: [{session (2, 3, ...), against: 1, cases, bias: ESTIMATE, sd, lower_limit: ESTIMATE,
///     upper_limit: ESTIMATE}] (see agreement.h),
///   icc_2_1: ESTIMATE, icc_3_1: ESTIMATE, icc_cases, icc_sessions, icc_missing_because (sentence or null),
///   sem: ESTIMATE, mdc95: ESTIMATE, within_subject_cv: ESTIMATE (a share of 1), mean, within_cases,
///   degrees_of_freedom (see reliability.h),
///   differences: [{session, against: 1, difference: ESTIMATE, exceeds_uncertainty: true, false or null}]
///     (one case only; see difference.h),
///   left_out: sentences or ""}}
nlohmann::json comparisonJson(const Comparison& comparison);

}  // namespace soleus
