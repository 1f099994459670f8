/// Columns of a session as the report needs them: checked for length, with the gaps of their time axis.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// Steps of a time axis longer than this many median steps are gaps: clock jitter and one missed column stay
/// below.
inline constexpr double kGapSteps = 3.0;

/// The column at `path`, which has to have `length` values; empty if the session has no such dataset.
/// Errors (kBadInput): unreadable, or of another length.
Result<std::vector<double>> columnIfPresent(const SessionReader& session, const std::string& path,
                                            std::size_t length);

/// The column at `path` of any length; empty if the session has no such dataset. Errors as above.
Result<std::vector<double>> columnIfPresent(const SessionReader& session, const std::string& path);

/// Median distance of neighbours in seconds; 0 with fewer than two times.
double medianStepS(std::span<const double> timeS);

/// How much time each column stands for: half of the step to each neighbour, so that a mean stays one over
/// time where the columns change their pace. A step into a column that `startsAnew` counts as the usual one
/// around it, since nothing is known of the gap; one that is merely long counts for no more than kGapSteps of
/// those. A single column counts as 1.
std::vector<double> columnDurationsS(std::span<const double> timeS, const std::vector<bool>& startsAnew);

/// Indices i for which the step from i to i + 1 is longer than `longestStepS`, ascending.
std::vector<std::size_t> gapsAfter(std::span<const double> timeS, double longestStepS);

/// The words of a CF list such as flag_meanings: "aliased low_snr" is two.
std::vector<std::string> words(const std::string& list);

}  // namespace soleus
