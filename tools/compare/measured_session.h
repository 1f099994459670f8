/// What one session tells of the calf pump, and whose it is.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"
#include "tools/compare/difference.h"
#include "tools/report/measures.h"

namespace soleus {

/// What is compared: numbers that the report's summary has of the contractions together (see
/// tools/report/summary.h).
inline constexpr std::array kMeasures = {
    measureOf("peak_velocity_cm_s"), measureOf("mean_velocity_cm_s"), measureOf("vti_cm"),
    measureOf("augmentation_cm_s"),  measureOf("ejected_volume_ml"),  measureOf("excess_volume_ml"),
    measureOf("reflux_duration_s"),  measureOf("reflux_volume_ml"),   measureOf("refill_time_s"),
    measureOf("pump_ml_per_min"),    measureOf("pump_ratio")};

struct MeasuredSession {
  std::string file;  ///< as the user named it
  std::string sessionId;
  std::string createdUtc;   ///< of the file: when it was recorded, or analysed
  std::string inputSha256;  ///< of the recording that it was measured from; empty of a live one
  std::string subject;
  std::string limb;
  std::string condition;
  std::string status;
  std::size_t contractions = 0;  ///< that count
  std::size_t doubtful = 0;      ///< that do not
  /// In the order of kMeasures. The pump's have no count: one value stands for the series.
  std::vector<SessionMean> measures;
};

/// Reads the session that the user named `file`. Errors (kBadInput, naming the file): what
/// contractionSummary() finds; no table of contractions, or none in it that counts; no session_id.
Result<MeasuredSession> measuredSession(const SessionReader& session, const std::string& file);

}  // namespace soleus
