#include "pipeline/dataset/layout.h"

#include <algorithm>

#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"

namespace soleus {

namespace {

using enum ColumnType;

// 4096 rows of float64 are 32 kB, 15 s of columns: an hour has some 240 chunks in a dataset, a short clip
// wastes less than one.
constexpr std::size_t kColumnChunkRows = 4096;
// Frames come 25 to 60 times a second: 8 kB, some 30 s.
constexpr std::size_t kFrameChunkRows = 1024;
// Contractions, events and gaps are few: a table of one entry should cost little.
constexpr std::size_t kRareChunkRows = 64;
// Bytes of a label and of a cause: a short sentence, a word. Longer text is cut between characters.
constexpr std::size_t kLabelBytes = 200;
constexpr std::size_t kCauseBytes = 32;

constexpr ColumnSpec kDopplerColumns[] = {
    {"time", kFloat64, "s", "time of the spectral column on the session clock"},
    {"peak_velocity", kFloat32, "cm s-1",
     "maximum velocity of the direction with more power, positive toward the heart"},
    {"peak_velocity_forward", kFloat32, "cm s-1", "maximum velocity toward the heart"},
    {"peak_velocity_reverse", kFloat32, "cm s-1", "maximum velocity away from the heart, negative"},
    {"mean_velocity", kFloat32, "cm s-1", "intensity-weighted mean velocity, positive toward the heart"},
    {"snr", kFloat32, "dB", "signal over noise of the column"},
    {"quality", kUint8, "1", "quality flags of the column", kQualityMeanings, true},
};

constexpr ColumnSpec kUncertaintyColumns[] = {
    {"peak_velocity_uncertainty", kFloat32, "cm s-1",
     "standard uncertainty of peak_velocity by speckle, noise and pixel size; that of the angle is apart"},
    {"mean_velocity_uncertainty", kFloat32, "cm s-1",
     "standard uncertainty of mean_velocity by speckle and noise; that of the angle is apart"},
    {"mean_velocity_hidden", kFloat32, "cm s-1",
     "most by which slow blood that the wall filter hides may change mean_velocity; without a velocity, the "
     "fastest "
     "that may be hidden"},
};

constexpr ColumnSpec kBroadeningColumns[] = {
    {"peak_velocity_corrected", kFloat32, "cm s-1",
     "peak_velocity less the broadening by the aperture's width"},
};

constexpr ColumnSpec kVesselColumns[] = {
    {"time", kFloat64, "s", "time of the B-mode frame on the session clock"},
    {"diameter", kFloat32, "mm", "diameter of the circle with the lumen's area"},
    {"area", kFloat32, "mm2", "area of the vein's lumen"},
    {"confidence", kFloat32, "1", "confidence in the lumen, 0 to 1"},
};

constexpr ColumnSpec kVesselAngleColumns[] = {
    {"angle", kFloat32, "degree",
     "angle of the vessel to a beam straight down the picture, 0 to 90, where it is seen lengthwise"},
};

constexpr ColumnSpec kFlowColumns[] = {
    {"time", kFloat64, "s", "time of the spectral column on the session clock"},
    {"volume_flow", kFloat32, "mL min-1", "mean velocity times lumen area, positive toward the heart"},
};

constexpr ColumnSpec kContractionColumns[] = {
    {"contraction", kInt64, "1", "number of the contraction, counted from 1"},
    {"onset_s", kFloat64, "s", "onset after onset_source"},
    {"flow_onset_s", kFloat64, "s", "onset seen in the velocity"},
    {"peak_s", kFloat64, "s", "time of the peak velocity"},
    {"end_s", kFloat64, "s", "end of the ejection"},
    {"baseline_velocity_cm_s", kFloat64, "cm s-1", "velocity before the contraction"},
    {"peak_velocity_cm_s", kFloat64, "cm s-1", "peak velocity of the contraction"},
    {"mean_velocity_cm_s", kFloat64, "cm s-1", "mean velocity over the ejection"},
    {"vti_cm", kFloat64, "cm", "velocity-time integral of the ejection"},
    {"augmentation_ratio", kFloat64, "1", "peak over baseline velocity"},
    {"augmentation_cm_s", kFloat64, "cm s-1", "peak less baseline velocity"},
    {"ejected_volume_ml", kFloat64, "mL", "net volume moved toward the heart over the ejection"},
    {"excess_volume_ml", kFloat64, "mL", "ejected volume beyond the baseline flow"},
    {"reflux_duration_s", kFloat64, "s", "duration of flow away from the heart after the ejection"},
    {"reflux_peak_cm_s", kFloat64, "cm s-1", "peak velocity of the reflux"},
    {"reflux_volume_ml", kFloat64, "mL", "volume of the reflux"},
    {"refill_time_s", kFloat64, "s", "time from the end of the ejection to 95 % of the baseline"},
    {"onset_source", kUint8, "1", "what gave onset_s", kOnsetSourceMeanings},
    {"quality", kFloat64, "1", "trust in the entry, 0 to 1"},
};

constexpr ColumnSpec kContractionUncertaintyColumns[] = {
    {"flow_onset_uncertainty_s", kFloat64, "s", "standard uncertainty of flow_onset_s"},
    {"baseline_velocity_uncertainty_cm_s", kFloat64, "cm s-1",
     "standard uncertainty of baseline_velocity_cm_s, without the angle's"},
    {"peak_velocity_uncertainty_cm_s", kFloat64, "cm s-1",
     "standard uncertainty of peak_velocity_cm_s, without the angle's"},
    {"mean_velocity_uncertainty_cm_s", kFloat64, "cm s-1",
     "standard uncertainty of mean_velocity_cm_s, without the angle's"},
    {"vti_uncertainty_cm", kFloat64, "cm", "standard uncertainty of vti_cm, without the angle's"},
    {"augmentation_ratio_uncertainty", kFloat64, "1", "standard uncertainty of augmentation_ratio"},
    {"augmentation_uncertainty_cm_s", kFloat64, "cm s-1",
     "standard uncertainty of augmentation_cm_s, without the angle's"},
    {"ejected_volume_uncertainty_ml", kFloat64, "mL",
     "standard uncertainty of ejected_volume_ml, without the angle's and the lumen's scale's"},
    {"excess_volume_uncertainty_ml", kFloat64, "mL",
     "standard uncertainty of excess_volume_ml, without the angle's and the lumen's scale's"},
    {"reflux_duration_uncertainty_s", kFloat64, "s", "standard uncertainty of reflux_duration_s"},
    {"reflux_peak_uncertainty_cm_s", kFloat64, "cm s-1",
     "standard uncertainty of reflux_peak_cm_s, without the angle's"},
    {"reflux_volume_uncertainty_ml", kFloat64, "mL",
     "standard uncertainty of reflux_volume_ml, without the angle's and the lumen's scale's"},
    {"refill_time_uncertainty_s", kFloat64, "s", "standard uncertainty of refill_time_s"},
};

constexpr ColumnSpec kEventColumns[] = {
    {"time", kFloat64, "s", "time of the event on the session clock"},
    {"kind", kUint8, "1", "kind of the event", kEventMeanings},
    {"label", kText, {}, "what happened", {}, false, kLabelBytes},
};

constexpr ColumnSpec kSignalColumns[] = {
    {"time", kFloat64, "s", "time of the sample on the session clock"},
    {"value", kFloat32, {}, "value of the signal"},
};

constexpr ColumnSpec kStreamColumns[] = {
    {"sequence", kInt64, "1", "number of the frame or block, lost ones counted"},
    {"device_time_ns", kInt64, "ns", "time stamp of the source"},
    {"arrival_time_ns", kInt64, "ns", "monotonic clock of the recording machine on arrival"},
    {"session_time_ns", kInt64, "ns", "time on the session clock"},
};

constexpr ColumnSpec kGapColumns[] = {
    {"start_s", kFloat64, "s", "start of the gap on the session clock"},
    {"end_s", kFloat64, "s", "end of the gap on the session clock"},
    {"count", kInt64, "1", "frames or blocks that are missing"},
    {"cause", kText, {}, "cause of the loss", {}, false, kCauseBytes},
};

constexpr ColumnSpec kClockColumns[] = {
    {"session_time_s", kFloat64, "s", "session time from which the clock model holds"},
    {"offset_s", kFloat64, "s", "session time less device time"},
    {"drift_ppm", kFloat64, "1e-6", "rate of the device clock against the session clock, less one"},
    {"uncertainty_s", kFloat64, "s",
     "95 % of the errors of the session time are smaller, the constant delay of the source excepted"},
};

}  // namespace

constinit const TableSpec kDopplerTable{kDopplerColumns, kColumnChunkRows};
constinit const TableSpec kUncertaintyTable{kUncertaintyColumns, kColumnChunkRows};
constinit const TableSpec kBroadeningTable{kBroadeningColumns, kColumnChunkRows};
constinit const TableSpec kVesselTable{kVesselColumns, kFrameChunkRows};
constinit const TableSpec kVesselAngleTable{kVesselAngleColumns, kFrameChunkRows};
constinit const TableSpec kFlowTable{kFlowColumns, kColumnChunkRows};
constinit const TableSpec kContractionTable{kContractionColumns, kRareChunkRows};
constinit const TableSpec kContractionUncertaintyTable{kContractionUncertaintyColumns, kRareChunkRows};
constinit const TableSpec kEventTable{kEventColumns, kRareChunkRows};
constinit const TableSpec kSignalTable{kSignalColumns, kColumnChunkRows};
constinit const TableSpec kStreamTable{kStreamColumns, kFrameChunkRows};
constinit const TableSpec kGapTable{kGapColumns, kRareChunkRows};
constinit const TableSpec kClockTable{kClockColumns, kRareChunkRows};

std::size_t flagCount(std::string_view flagMeanings) {
  if (flagMeanings.empty()) return 0;
  return static_cast<std::size_t>(std::count(flagMeanings.begin(), flagMeanings.end(), ' ')) + 1;
}

}  // namespace soleus
