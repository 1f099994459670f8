/// The calf muscle of a scenario, as electrodes on the skin and a plate under the foot show it.
#pragma once

#include <cstdint>
#include <vector>

#include "calibration/phantom/haemodynamics.h"
#include "calibration/phantom/scenario.h"

namespace soleus {

struct MuscleSample {
  double emgMv = 0;
  double forceN = 0;
};

/// Both signals at kRateHz; sample n is at n / kRateHz. An EMG of noise with the hum of the mains, stronger
/// while the muscle acts: from kLeadS before the flow's onset for as long as the burst lasts; a force that
/// follows it. Amplitudes go with the burst's peak velocity. Same scenario, seed and number, same sample.
class PhantomMuscle {
 public:
  static constexpr double kRateHz = 1000;
  /// Blood flows this long after the muscle's first spikes, of which the force takes the first half.
  static constexpr double kLeadS = 0.08;

  PhantomMuscle(const Scenario& scenario, std::uint64_t seed);
  /// In order of `number`: the bursts before it are forgotten.
  [[nodiscard]] MuscleSample at(std::uint64_t number);

 private:
  std::vector<Burst> bursts_;
  double durationS_ = 0;
  std::uint64_t seed_;
  std::size_t next_ = 0;
};

}  // namespace soleus
