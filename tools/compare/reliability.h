/// How repeatable a measure is: analysis of variance of subjects measured in several sessions.
#pragma once

#include <cstddef>
#include <vector>

#include "tools/compare/estimate.h"

namespace soleus {

/// A row for each subject, in it a value for each of the subject's sessions, in their order. Rows may differ
/// in length; NaN is a session without a value.
using Repeats = std::vector<std::vector<double>>;

/// What scatters within a subject, bias between sessions included, by the one-way analysis of variance of all
/// subjects with two values or more: their numbers need not be equal.
struct WithinSubject {
  std::size_t subjects = 0;
  std::size_t values = 0;
  std::size_t freedom = 0;  ///< degrees of freedom: values - subjects
  double mean = kNotKnown;  ///< of all these values
  /// Standard error of measurement: square root of the mean square within subjects; its interval by the chi
  /// squared distribution.
  Estimate sem;
  /// Minimal detectable change, 1.96 sqrt(2) SEM: what two sessions of an unchanged subject exceed once in
  /// twenty times (Weir, J Strength Cond Res 2005;19:231).
  Estimate mdc95;
  /// Within-subject coefficient of variation, SEM / mean (Quan and Shih, Biometrics 1996;52:1195); unknown
  /// where the mean is not positive. Its interval takes the mean as known.
  Estimate cv;
};

/// Unknown below two degrees of freedom (from one, the upper end of the interval is 32 times the SEM) and
/// where all values are equal, as where nobody has reflux: they do not tell how a change would scatter.
WithinSubject withinSubject(const Repeats& repeats);

/// Intraclass correlation: the share of the variance that is between subjects, by the two-way analysis of
/// variance of subjects with a value in each of the first `sessions` sessions.
struct Reliability {
  std::size_t subjects = 0;
  std::size_t sessions = 0;
  /// ICC(2,1), absolute agreement of any sessions: a bias between them counts as error.
  Estimate absolute;
  /// ICC(3,1), consistency in these sessions: a bias does not count.
  Estimate consistent;
};

/// The number of sessions is the one (>= 2) that uses the most values; the fewest sessions among equals.
/// Unknown with fewer than two such subjects, and where all values are equal; an interval is unknown where
/// the sessions agree without error. Shrout and Fleiss, Psychol Bull 1979;86:420; intervals: McGraw and Wong,
/// Psychol Methods 1996;1:30.
Reliability reliabilityOf(const Repeats& repeats);

}  // namespace soleus
