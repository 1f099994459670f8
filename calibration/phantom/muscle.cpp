#include "calibration/phantom/muscle.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "calibration/phantom/counter_random.h"

namespace soleus {
namespace {

// Of a good electrode on a calf, and its hum; the burst of 100 cm/s at full strength.
constexpr double kRestMv = 0.004;
constexpr double kHumMv = 0.002;
constexpr double kHumHz = 50;
constexpr double kActiveMv = 0.12;
constexpr double kFullCmPerS = 100;
// Motor units are not recruited all at once.
constexpr double kRiseS = 0.03;
// The foot rests on the plate.
constexpr double kRestN = 20;
constexpr double kActiveN = 250;
constexpr double kNoiseN = 0.5;

}  // namespace

PhantomMuscle::PhantomMuscle(const Scenario& scenario, std::uint64_t seed)
    : bursts_(Haemodynamics(scenario, seed).bursts()),
      durationS_(scenario.contractions ? scenario.contractions->durationS : 0),
      seed_(seed) {}

MuscleSample PhantomMuscle::at(std::uint64_t number) {
  const double timeS = static_cast<double>(number) / kRateHz;
  while (next_ < bursts_.size() && timeS > bursts_[next_].startS + durationS_) ++next_;
  double emgMv = kRestMv;
  double forceN = kRestN;
  if (next_ < bursts_.size()) {
    const double share = bursts_[next_].peakCmPerS / kFullCmPerS;
    const double emgS = timeS - (bursts_[next_].startS - kLeadS);
    if (emgS >= 0 && emgS <= durationS_) emgMv += kActiveMv * share * std::min(1.0, emgS / kRiseS);
    const double forceS = emgS - kLeadS / 2;
    if (forceS > 0 && forceS < durationS_)
      forceN += kActiveN * share * std::pow(std::sin(std::numbers::pi * forceS / durationS_), 2);
  }
  const auto noise = CounterRandom(seed_, RandomStream::kMuscle).complexNormal(number) * std::numbers::sqrt2;
  return {emgMv * noise.real() + kHumMv * std::sin(2 * std::numbers::pi * kHumHz * timeS),
          forceN + kNoiseN * noise.imag()};
}

}  // namespace soleus
