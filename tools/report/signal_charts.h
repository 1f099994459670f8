/// The signals beside the flow (EMG, force, ...), a chart each.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// More rows than these push the flow off the screen that they are to be compared with.
inline constexpr std::size_t kMostSignalCharts = 4;

/// {charts: [{what trace_chart.h has, with the name "signal", and title (the signal's name), units}],
/// left_out: [names of the signals for which there is no room]}. EMGs come first, then forces, then what else
/// there is, each kind by name. What lies outside of [startS, endS] is not drawn; all is if they are not
/// finite. An hour of an EMG becomes some 32,000 extremes at their true times. Errors (kBadInput): a dataset
/// that cannot be read or doesn't fit its axis.
Result<nlohmann::json> signalCharts(const SessionReader& session, double startS, double endS);

}  // namespace soleus
