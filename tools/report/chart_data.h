/// What the charts of a report draw, as JSON for page_charts.js.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// Rows a chart may have: all columns of 60 s of a usual screen. Dygraphs redraws as many without a
/// noticeable pause.
inline constexpr std::size_t kMaxChartRows = 16384;

/// Stretches of time [start, end] in s in which `mask` is set in `flags` (a value of /doppler/quality for
/// each time), as a flat array start, end, start, end, ... If there are more than `maxStretches`, those
/// nearest to each other are joined. A bit of kGapBefore marks the gap itself, other bits the columns that
/// carry them.
std::vector<double> flaggedStretchesS(std::span<const double> timeS, std::span<const double> flags,
                                      unsigned mask, std::size_t maxStretches);

/// All charts: {start_s, end_s, charts: [see trace_chart.h, those of signals see signal_charts.h],
/// signals_left_out, flags: [{name, stretches_s}], spectrum: {segments, tiles (PNG as base64),
/// lowest_cm_per_s, highest_cm_per_s, columns_per_pixel}, average_contraction (see average_contraction.h)}. A
/// part that the session doesn't hold is absent. null is a missing value and ends a line. Errors (kBadInput):
/// a dataset that cannot be read or doesn't fit its axis.
Result<nlohmann::json> chartData(const SessionReader& session);

}  // namespace soleus
