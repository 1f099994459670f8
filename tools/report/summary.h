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
/// calibration, setup (see setup_line.h)
/// doppler:  columns, start_s, end_s, covered_s (without gaps), gaps and gaps_s (columns flagged gap_before),
///           column_step_s, velocity_lowest_cm_per_s, velocity_highest_cm_per_s,
///           peak_forward_cm_per_s / peak_reverse_cm_per_s with _time_s (held peaks of usable columns, see
///           held_peak.h; 0 at null: none seen; null if aliasing_lasts: aliased through a held peak's time),
///           longest_away_s (unbroken usable columns whose stronger direction is away from the heart),
///           tamean_cm_per_s (mean over the time of the tamean_columns that are measured and not aliased),
///           tamean_if_unmeasured_is_zero_cm_per_s (columns without signal as still blood, aliased and
///           unreadable ones left out), measured_fraction, no_velocity_fraction (no signal),
///           unreadable_fraction (no velocity because of paint, or of a zero or scale that is not known),
///           usable_fraction (mean velocity measured and none of aliased, low_snr, overlay), snr_median_db,
///           flag_fraction: {aliased, low_snr, ...}
/// vessel:   samples, seen_fraction, diameter_mean_mm, diameter_lowest_mm, diameter_highest_mm, area_mean_mm2
/// flow:     columns (measured and not aliased), mean_ml_per_min over their time,
///           mean_if_unmeasured_is_zero_ml_per_min (columns without signal as 0; unreadable ones and those
///           that lack only the lumen left out), measured_fraction, no_velocity_fraction,
///           unreadable_fraction, no_lumen_fraction
/// contractions: count (of a quality of at least 0.5; what follows is of those), doubtful (the others),
/// without_flow (seen
///           by an EMG or a force, and no flow that followed; neither of the two),
///           emg_to_flow_s, force_to_flow_s (by how much the flow begins after the muscle, where an EMG or a
///           force shows that), peak_velocity_cm_s, mean_velocity_cm_s, vti_cm, augmentation_cm_s,
///           ejected_volume_ml, excess_volume_ml, reflux_duration_s, reflux_volume_ml, refill_time_s: {count,
///           mean, uncertainty (standard, of the mean; the angle's apart), measurement_uncertainty (its part
///           that does not average out), sd (between contractions), coefficient_of_variation,
///           slope_per_contraction (fatigue), first, last}, pump: {ml_per_min, uncertainty_ml_per_min (what
///           contractions eject, reflux not taken off), rest_ml_per_min (before the first), ratio,
///           ratio_uncertainty}, reflux: {measured, longest_s, over_0_5_s, over_1_0_s (how many are longer)},
///           rows: [{number, counts, onset_source, emg_to_flow_s, force_to_flow_s, the columns of
///           /contractions}]
/// signals:  [{name, units, source (stream or file), muscle ("emg", "force", or null: none), samples,
/// start_s,
///           end_s, lowest and highest (in its units)}]
/// protocol: name, title, posture, instruction, muscle, expects (contraction, rest), start_s, end_s,
///           ended_early_s (by how much the recording ends before it; 0: not), asked (cues), given (of them
///           in the recording), done (of those: followed by a contraction that counts or has no flow, or by
///           none where rest is expected; null if none were looked for), delay_median_s (from the cue to the
///           onset), unexpected (numbers of such contractions that lie in its time and were not asked for;
///           null likewise), without_flow (of the done: the muscle acted and no flow followed), cues:
///           [{time_s, label, contraction (its number, see answer_cues.h), without_flow, doubtful (if only a
///           doubtful one followed), delay_s, peak_velocity_cm_s, reflux_duration_s}]
/// events:   [{time_s, kind, label}]
/// streams:  [{name, received, written, dropped: {CAUSE: n}, balanced, gaps: [{start_s, end_s, count,
/// cause}]}]
///
/// Errors (kBadInput): a dataset that cannot be read or doesn't fit its axis.
Result<nlohmann::json> reportSummary(const SessionReader& session);

}  // namespace soleus
