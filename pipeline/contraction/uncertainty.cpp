#include "pipeline/contraction/uncertainty.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soleus {
namespace {

// What measuring the digital phantom's legs was off by: half the width that held 95 % of the errors,
// over 1.96, on seeds 1001 to 1300 of soleus_pump_accuracy. Of velocities in resolutions of the spectral
// window.
constexpr double kBaseline = 0.071;
constexpr double kPeak = 0.25;
constexpr double kMean = 0.33;
constexpr double kVti = 0.18;
constexpr double kVolume = 0.26;
constexpr double kExcess = 0.23;
constexpr double kRefluxPeak = 0.209;
constexpr double kRefluxVolume = 0.159;
constexpr double kOnset = 0.54;
constexpr double kRefluxS = 0.118;
constexpr double kRefillShare = 0.084;
// Of the resting flow, what quiet breathing moves it by to either side (Willeput et al., J Appl Physiol
// 1984); the mean over fewer than whole breaths may be off by its part.
constexpr double kBreathShare = 0.5;

}  // namespace

ContractionUncertainty uncertaintyOf(const FoundContraction& row, double resolutionCmPerS) {
  const double ejectionS = row.endS - row.flowOnsetS;
  const double areaCm2 = row.ejectedVolumeMl / (row.meanVelocityCmPerS * ejectionS);
  const auto known = [](double measure, double uncertainty) {
    return std::isnan(measure) ? Contraction::kUnknown : uncertainty;
  };
  ContractionUncertainty u;
  // The time in which the burst rises by about half a resolution.
  u.flowOnsetS = kOnset * resolutionCmPerS * ejectionS / row.peakVelocityCmPerS;
  u.baselineVelocityCmPerS = known(row.baselineVelocityCmPerS, kBaseline * resolutionCmPerS);
  if (!std::isnan(row.restBreaths)) {
    const double share =
        kBreathShare / std::numbers::sqrt2 * std::min(1.0, 1 / (std::numbers::pi * row.restBreaths));
    u.baselineVelocityCmPerS = std::hypot(u.baselineVelocityCmPerS, share * row.baselineVelocityCmPerS);
  }
  u.peakVelocityCmPerS = known(row.peakVelocityCmPerS, kPeak * resolutionCmPerS);
  u.meanVelocityCmPerS = known(row.meanVelocityCmPerS, kMean * resolutionCmPerS);
  u.vtiCm = known(row.vtiCm, kVti * resolutionCmPerS * ejectionS);
  u.augmentationCmPerS =
      known(row.augmentationCmPerS, std::hypot(u.peakVelocityCmPerS, u.baselineVelocityCmPerS));
  u.augmentationRatio =
      row.augmentationRatio * std::hypot(u.peakVelocityCmPerS / row.peakVelocityCmPerS,
                                         u.baselineVelocityCmPerS / row.baselineVelocityCmPerS);
  u.ejectedVolumeMl = known(row.ejectedVolumeMl, kVolume * resolutionCmPerS * areaCm2 * ejectionS);
  u.excessVolumeMl = known(row.excessVolumeMl, kExcess * resolutionCmPerS * areaCm2 * ejectionS);
  u.refluxDurationS = known(row.refluxDurationS, kRefluxS);
  u.refluxPeakCmPerS = known(row.refluxPeakCmPerS, kRefluxPeak * resolutionCmPerS);
  u.refluxVolumeMl =
      known(row.refluxVolumeMl, kRefluxVolume * resolutionCmPerS * areaCm2 * row.refluxDurationS);
  u.refillTimeS = kRefillShare * row.refillTimeS;
  return u;
}

}  // namespace soleus
