/// What is measured of contractions, and what it is called wherever a person reads it.
#pragma once

#include <array>
#include <stdexcept>
#include <string_view>

namespace soleus {

/// One measure. In the session's table and in JSON it is `key`, which ends in the unit.
struct Measure {
  const char* key;
  const char* name;  ///< the field's term
  const char* unit;
  int decimals;             ///< worth reading
  const char* uncertainty;  ///< key of its standard uncertainty in a row; nullptr of what a series has only
};

/// All of them. TAMEAN is over the ejection, VTI the integral of the peak velocity over it; each is defined
/// in pipeline/contraction/README.md. A delay is that of the flow's onset after the muscle's; its uncertainty
/// is that of the flow's onset alone, to which an EMG on the skin adds some hundredth of a second
/// (science.md: Solnik).
inline constexpr std::array kContractionMeasures = {
    Measure{"emg_to_flow_s", "EMG to flow", "s", 3, "flow_onset_uncertainty_s"},
    Measure{"force_to_flow_s", "Force to flow", "s", 3, "flow_onset_uncertainty_s"},
    Measure{"baseline_velocity_cm_s", "Baseline velocity", "cm/s", 1, "baseline_velocity_uncertainty_cm_s"},
    Measure{"peak_velocity_cm_s", "Peak velocity", "cm/s", 1, "peak_velocity_uncertainty_cm_s"},
    Measure{"mean_velocity_cm_s", "TAMEAN", "cm/s", 1, "mean_velocity_uncertainty_cm_s"},
    Measure{"vti_cm", "VTI", "cm", 1, "vti_uncertainty_cm"},
    Measure{"augmentation_cm_s", "Augmentation", "cm/s", 1, "augmentation_uncertainty_cm_s"},
    Measure{"ejected_volume_ml", "Ejected volume", "mL", 2, "ejected_volume_uncertainty_ml"},
    Measure{"excess_volume_ml", "Excess volume", "mL", 2, "excess_volume_uncertainty_ml"},
    Measure{"reflux_duration_s", "Reflux duration", "s", 2, "reflux_duration_uncertainty_s"},
    Measure{"reflux_peak_cm_s", "Reflux peak velocity", "cm/s", 1, "reflux_peak_uncertainty_cm_s"},
    Measure{"reflux_volume_ml", "Reflux volume", "mL", 2, "reflux_volume_uncertainty_ml"},
    Measure{"refill_time_s", "Refill time", "s", 1, "refill_time_uncertainty_s"},
    Measure{"pump_ml_per_min", "Pump output", "mL/min", 0, nullptr},
    Measure{"pump_ratio", "Pump output against rest", "times", 2, nullptr}};

/// The measure with that key; of one that does not exist a constant expression does not compile.
constexpr const Measure& measureOf(std::string_view key) {
  for (const Measure& measure : kContractionMeasures) {
    if (key == measure.key) return measure;
  }
  throw std::out_of_range("no such measure");
}

}  // namespace soleus
