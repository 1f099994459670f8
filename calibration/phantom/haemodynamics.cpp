#include "calibration/phantom/haemodynamics.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "calibration/phantom/counter_random.h"

namespace soleus {
namespace {

// A hump x^p (1-x)^q over [0, 1], scaled to 1 at its top p/(p+q). The burst rises faster than it falls and
// leaves zero without a step in slope; reflux starts and stops steeply, as a closing leak does.
struct Hump {
  double p;
  double q;
  [[nodiscard]] constexpr double top() const { return p / (p + q); }
  [[nodiscard]] double at(double x) const {
    if (x <= 0.0 || x >= 1.0) return 0.0;
    return std::pow(x, p) * std::pow(1.0 - x, q) / (std::pow(top(), p) * std::pow(1.0 - top(), q));
  }
};
constexpr Hump kBurst{1.5, 2.5};
constexpr Hump kReflux{0.8, 1.2};

// The vein is emptied by the first part of the burst and held so by the contracted muscle.
constexpr double kSqueezeShare = 0.6;
// Wall motion at release, slower than at the squeeze, in burst durations.
constexpr double kReleaseShare = 0.8;
constexpr double kReleaseMotion = 0.4;
// A popliteal vein at rest is a little wider than high under the probe.
constexpr double kRestAspect = 1.2;
// The muscle flattens the vein: what its height loses, its width regains in part.
constexpr double kWideningShare = 0.15;
// cm/s times mm2 is 0.01 mL/s, 0.6 mL/min.
constexpr double kMlPerMinPerCmPerSMm2 = 0.6;

double smoothStep(double x) {
  x = std::clamp(x, 0.0, 1.0);
  return x * x * (3.0 - 2.0 * x);
}

double bell(double x) {
  if (x <= 0.0 || x >= 1.0) return 0.0;
  const double s = std::sin(std::numbers::pi * x);
  return s * s;
}

}  // namespace

double VeinShape::areaMm2() const {
  return std::numbers::pi / 4.0 * widthMm * heightMm;
}
double VeinShape::diameterMm() const {
  return std::sqrt(widthMm * heightMm);
}

Haemodynamics::Haemodynamics(const Scenario& scenario, std::uint64_t seed) : flow_(scenario.flow) {
  if (!scenario.contractions) return;
  contraction_ = *scenario.contractions;
  const CounterRandom random(seed, RandomStream::kContractions);
  for (int i = 0; i < contraction_.count; ++i) {
    const double share = contraction_.count > 1 ? static_cast<double>(i) / (contraction_.count - 1) : 0.0;
    const double spread =
        contraction_.peakSpread * (2.0 * random.uniform(static_cast<std::uint64_t>(i)) - 1.0);
    Burst burst;
    burst.startS = contraction_.firstS + i * contraction_.intervalS;
    burst.peakCmPerS =
        std::lerp(contraction_.peakCmPerS, contraction_.lastPeakCmPerS, share) * (1.0 + spread);
    burst.restGateAtStart = restGate(burst.startS);
    burst.squeezeAtStart = squeeze(burst.startS);
    bursts_.push_back(burst);
  }
}

const Burst* Haemodynamics::burstAt(double timeS) const {
  const auto next = std::upper_bound(bursts_.begin(), bursts_.end(), timeS,
                                     [](double t, const Burst& b) { return t < b.startS; });
  return next == bursts_.begin() ? nullptr : &*(next - 1);
}

double Haemodynamics::refillStartS(const Burst& burst) const {
  return burst.startS + contraction_.durationS + contraction_.pauseS + contraction_.refluxDurationS;
}

double Haemodynamics::restCmPerS(double timeS) const {
  const double breath = std::sin(2.0 * std::numbers::pi * flow_.breathRateHz * timeS);
  const double heart = std::sin(2.0 * std::numbers::pi * flow_.heartRateHz * timeS);
  return flow_.restPeakCmPerS * (1.0 + flow_.breathModulation * breath) *
         (1.0 + flow_.heartModulation * heart);
}

double Haemodynamics::restGate(double timeS) const {
  const Burst* burst = burstAt(timeS);
  if (!burst) return 1.0;
  const double x = (timeS - burst->startS) / contraction_.durationS;
  // Gone by the burst's top, so that the top is the configured peak and nothing else.
  if (x < 1.0) return burst->restGateAtStart * (1.0 - smoothStep(x / kBurst.top()));
  const double refillS = timeS - refillStartS(*burst);
  return refillS <= 0.0 ? 0.0 : 1.0 - std::exp(-refillS / contraction_.refillTimeConstantS);
}

double Haemodynamics::peakCmPerS(double timeS) const {
  double velocity = restCmPerS(timeS) * restGate(timeS);
  if (const Burst* burst = burstAt(timeS)) {
    const double sinceS = timeS - burst->startS;
    velocity += burst->peakCmPerS * kBurst.at(sinceS / contraction_.durationS);
    if (contraction_.refluxDurationS > 0.0) {
      const double refluxS = sinceS - contraction_.durationS - contraction_.pauseS;
      velocity += contraction_.refluxPeakCmPerS * kReflux.at(refluxS / contraction_.refluxDurationS);
    }
  }
  return velocity;
}

double Haemodynamics::meanCmPerS(double timeS) const {
  return peakCmPerS(timeS) * flow_.profileExponent / (flow_.profileExponent + 2.0);
}

double Haemodynamics::squeeze(double timeS) const {
  const Burst* burst = burstAt(timeS);
  if (!burst) return 0.0;
  const double x = (timeS - burst->startS) / contraction_.durationS;
  if (x < 1.0) return std::lerp(burst->squeezeAtStart, 1.0, smoothStep(x / kSqueezeShare));
  return std::exp(-(timeS - burst->startS - contraction_.durationS) / contraction_.refillTimeConstantS);
}

double Haemodynamics::wallMotion(double timeS) const {
  const Burst* burst = burstAt(timeS);
  if (!burst) return 0.0;
  const double x = (timeS - burst->startS) / contraction_.durationS;
  return bell(x / kSqueezeShare) + kReleaseMotion * bell((x - 1.0) / kReleaseShare);
}

VeinShape Haemodynamics::vein(double timeS) const {
  const double area = 1.0 - contraction_.areaNarrowing * squeeze(timeS);  // of that at rest
  const double widening = 1.0 + kWideningShare * (1.0 - area);
  VeinShape shape;
  shape.widthMm = flow_.veinDiameterMm * std::sqrt(kRestAspect) * widening;
  shape.heightMm = flow_.veinDiameterMm / std::sqrt(kRestAspect) * area / widening;
  return shape;
}

double Haemodynamics::flowMlPerMin(double timeS) const {
  return meanCmPerS(timeS) * vein(timeS).areaMm2() * kMlPerMinPerCmPerSMm2;
}

}  // namespace soleus
