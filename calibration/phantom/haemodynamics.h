/// What the blood and the vein of a scenario do: the truth that everything drawn is made from.
#pragma once

#include <cstdint>
#include <vector>

#include "calibration/phantom/scenario.h"

namespace soleus {

/// The lumen's cross-section, an ellipse with its axes along the picture's.
struct VeinShape {
  double widthMm = 0;
  double heightMm = 0;
  [[nodiscard]] double areaMm2() const;
  [[nodiscard]] double diameterMm() const;  ///< of the circle with that area
};

/// One contraction as it is driven: a burst, a pause, perhaps a reflux, then refill.
struct Burst {
  double startS = 0;
  double peakCmPerS = 0;
  double restGateAtStart = 1;  ///< share of the resting flow that had come back, 0 to 1
  double squeezeAtStart = 0;   ///< see Haemodynamics::squeeze
};

/// Velocities and vein at any time in seconds, also before 0 (rest). Immutable; safe from several threads.
class Haemodynamics {
 public:
  Haemodynamics(const Scenario& scenario, std::uint64_t seed);

  /// Velocity on the vein's axis, the largest of the profile; cm/s, positive toward the heart.
  [[nodiscard]] double peakCmPerS(double timeS) const;
  /// Mean over the cross-section: n/(n+2) of the peak for the profile v = vm (1 - (r/R)^n).
  [[nodiscard]] double meanCmPerS(double timeS) const;
  [[nodiscard]] VeinShape vein(double timeS) const;
  /// Mean velocity times area.
  [[nodiscard]] double flowMlPerMin(double timeS) const;
  /// How far the vein is emptied: 0 full, 1 as narrow as it gets.
  [[nodiscard]] double squeeze(double timeS) const;
  /// Speed of the vessel wall, 0 at rest to 1 at its fastest.
  [[nodiscard]] double wallMotion(double timeS) const;

  [[nodiscard]] const std::vector<Burst>& bursts() const { return bursts_; }
  /// When burst and pause, and reflux if there is one, are over and the resting flow begins to return.
  [[nodiscard]] double refillStartS(const Burst& burst) const;

 private:
  [[nodiscard]] const Burst* burstAt(double timeS) const;
  [[nodiscard]] double restCmPerS(double timeS) const;
  [[nodiscard]] double restGate(double timeS) const;

  FlowSettings flow_;
  ContractionSettings contraction_;
  std::vector<Burst> bursts_;  ///< ascending in time
};

}  // namespace soleus
