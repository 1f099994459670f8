/// What one session tells of the calf pump, and whose it is.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"
#include "tools/compare/difference.h"

namespace soleus {

/// A number that the report's summary has of the contractions together (see tools/report/summary.h).
struct Measure {
  const char* key;   ///< ends in the unit
  const char* name;  ///< for a person
  const char* unit;
  int decimals;  ///< worth reading
};

inline constexpr std::array kMeasures = {Measure{"peak_velocity_cm_s", "Peak velocity", "cm/s", 1},
                                         Measure{"mean_velocity_cm_s", "Mean velocity", "cm/s", 1},
                                         Measure{"vti_cm", "Velocity-time integral", "cm", 1},
                                         Measure{"augmentation_cm_s", "Augmentation", "cm/s", 1},
                                         Measure{"ejected_volume_ml", "Volume per contraction", "mL", 2},
                                         Measure{"excess_volume_ml", "Volume beyond rest", "mL", 2},
                                         Measure{"reflux_duration_s", "Reflux duration", "s", 2},
                                         Measure{"reflux_volume_ml", "Reflux volume", "mL", 2},
                                         Measure{"refill_time_s", "Refill time", "s", 1},
                                         Measure{"pump_ml_per_min", "Pump output", "mL/min", 0},
                                         Measure{"pump_ratio", "Pump against rest", "times", 2}};

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
