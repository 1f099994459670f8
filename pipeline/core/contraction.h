/// One calf contraction as a row of the table /contractions. NaN where it could not be measured.
#pragma once

#include <cstdint>
#include <limits>

namespace soleus {

/// Values of /contractions/onset_source (CF flag_values).
enum class OnsetSource : std::uint8_t { kFlow = 0, kEmg = 1, kForce = 2, kCue = 3 };
inline constexpr const char* kOnsetSourceMeanings = "flow emg force cue";

/// Below this quality a row is doubtful: it is kept and shown, but counts for nothing.
inline constexpr double kSureQuality = 0.5;

/// Units are in the names; times are on the session clock.
struct Contraction {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  double onsetS = kUnknown;
  double flowOnsetS = kUnknown;
  double peakS = kUnknown;
  double endS = kUnknown;
  double baselineVelocityCmPerS = kUnknown;
  double peakVelocityCmPerS = kUnknown;
  double meanVelocityCmPerS = kUnknown;
  double vtiCm = kUnknown;
  double augmentationRatio = kUnknown;
  double augmentationCmPerS = kUnknown;
  double ejectedVolumeMl = kUnknown;
  double excessVolumeMl = kUnknown;
  double refluxDurationS = kUnknown;
  double refluxPeakCmPerS = kUnknown;
  double refluxVolumeMl = kUnknown;
  double refillTimeS = kUnknown;
  OnsetSource onsetSource = OnsetSource::kFlow;
  double quality = kUnknown;  ///< 0 to 1
};

/// Standard uncertainties (1 SD) of a row's measures, without those of the angle and of the lumen's scale,
/// which are common to all rows of a session. NaN where the measure is.
struct ContractionUncertainty {
  double flowOnsetS = Contraction::kUnknown;
  double baselineVelocityCmPerS = Contraction::kUnknown;
  double peakVelocityCmPerS = Contraction::kUnknown;
  double meanVelocityCmPerS = Contraction::kUnknown;
  double vtiCm = Contraction::kUnknown;
  double augmentationRatio = Contraction::kUnknown;
  double augmentationCmPerS = Contraction::kUnknown;
  double ejectedVolumeMl = Contraction::kUnknown;
  double excessVolumeMl = Contraction::kUnknown;
  double refluxDurationS = Contraction::kUnknown;
  double refluxPeakCmPerS = Contraction::kUnknown;
  double refluxVolumeMl = Contraction::kUnknown;
  double refillTimeS = Contraction::kUnknown;
};

}  // namespace soleus
