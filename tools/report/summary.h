/// The numbers of a session that fit on one screen.
#pragma once

#include <nlohmann/json.hpp>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// What `soleus report --json` and `soleus info` print and the report's page shows. Keys carry their unit as
/// a suffix; null is a number that could not be measured; an absent object is a part that the session doesn't
/// hold.
///
/// schema, title, session_id, created_utc, status, software, subject, limb, condition, configuration,
/// calibration doppler:  columns, start_s, end_s, covered_s (without gaps), gaps, gaps_s, column_step_s,
/// velocity_lowest_cm_per_s,
///           velocity_highest_cm_per_s, tamean_cm_per_s (mean of the measured columns), tamean_columns,
///           peak_forward_cm_per_s / peak_reverse_cm_per_s with _time_s and _aliased (of columns that are
///           neither low in SNR nor painted over), usable_fraction (mean velocity measured and none of
///           aliased, low_snr, overlay), snr_median_db, flag_fraction: {aliased, low_snr, ...}
/// vessel:   samples, seen_fraction, diameter_mean_mm, diameter_lowest_mm, diameter_highest_mm, area_mean_mm2
/// flow:     columns, mean_ml_per_min
/// events:   [{time_s, kind, label}]
/// streams:  [{name, received, written, dropped: {CAUSE: n}, balanced, gaps: [{start_s, end_s, count,
/// cause}]}]
///
/// Errors (kBadInput): a dataset that cannot be read or doesn't fit its axis.
Result<nlohmann::json> reportSummary(const SessionReader& session);

}  // namespace soleus
