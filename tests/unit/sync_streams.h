/// Streams that see the same events with a hidden delay: a screen, a sync line, force, Doppler sound.
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "pipeline/clock/sound_onsets.h"
#include "pipeline/clock/step_edges.h"

namespace soleus {

using Random = std::mt19937_64;

inline double between(Random& random, double least, double most) {
  return std::uniform_real_distribution<double>(least, most)(random);
}

/// Times of so many events, this far apart and up to as much more by chance.
inline std::vector<double> eventTimes(Random& random, int count, double leastS, double moreS) {
  std::vector<double> times;
  double timeS = between(random, 1, 2);
  for (int n = 0; n < count; ++n) {
    times.push_back(timeS);
    timeS += leastS + between(random, 0, moreS);
  }
  return times;
}

/// Without some of them.
inline std::vector<double> someOf(Random& random, const std::vector<double>& times, double missing) {
  std::vector<double> some;
  for (const double t : times)
    if (between(random, 0, 1) >= missing) some.push_back(t);
  return some;
}

struct Pulse {
  double widthS = 0.05;
  double riseS = 0;  ///< of a half sine if `tap`
  bool tap = false;  ///< a half sine of this width instead of a rectangle
  [[nodiscard]] double at(double sinceS) const {
    if (sinceS < 0 || sinceS >= widthS) return 0;
    if (tap) return std::sin(M_PI * sinceS / widthS);
    return riseS > 0 ? std::min(1.0, sinceS / riseS) : 1;
  }
};

/// A signal of `rateHz` with pulses of height 1, noise, and contractions of height 5 every 3 s if `calf`.
inline SampledTrace signalWith(Random& random, const std::vector<double>& times, double lengthS,
                               double rateHz, const Pulse& pulse, double noise, bool calf = false) {
  SampledTrace trace;
  std::normal_distribution<double> error(0, noise);
  const double phaseS = between(random, 0, 1 / rateHz);
  for (double t = phaseS; t < lengthS; t += 1 / rateHz) {
    double value = error(random);
    for (const double event : times) value += pulse.at(t - event);
    const double inCalf = std::fmod(t + 0.7, 3.0);
    if (calf && inCalf < 1) value += 5 * std::pow(std::sin(M_PI * inCalf), 2);
    trace.timeS.push_back(t);
    trace.value.push_back(value);
  }
  return trace;
}

/// Brightness of a screen, frame by frame, in grey levels.
inline SampledTrace screenWith(Random& random, const std::vector<double>& times, double lengthS,
                               double framesPerS, double flashS, double jitterS, double lostShare) {
  SampledTrace trace;
  std::normal_distribution<double> grain(0, 0.5);
  std::normal_distribution<double> jitter(0, jitterS);
  for (int n = 0; n / framesPerS < lengthS; ++n) {
    const double t = n / framesPerS;
    double value = 40 + 5 * std::sin(t) + grain(random);
    for (const double event : times) value += t >= event && t < event + flashS ? 150 : 0;
    const bool lost = between(random, 0, 1) < lostShare;
    const double stampS = t + (jitterS > 0 ? jitter(random) : 0);
    if (lost || (!trace.timeS.empty() && stampS <= trace.timeS.back())) continue;
    trace.timeS.push_back(stampS);
    trace.value.push_back(value);
  }
  return trace;
}

/// Doppler sound in bins: taps that ring for 20 ms, bursts of blood every 3 s, noise.
inline SoundEnergy soundWith(Random& random, const std::vector<double>& times, double lengthS, double tap,
                             double blood, double noise) {
  constexpr double kRateHz = 16000;
  constexpr int kPerBin = 4;
  SoundEnergy sound;
  sound.binS = kPerBin / kRateHz;
  std::normal_distribution<double> one(0, 1);
  double sum = 0;
  for (int n = 0; n / kRateHz < lengthS; ++n) {
    const double t = n / kRateHz;
    double value = noise * one(random);
    const double inBurst = std::fmod(t + 0.4, 3.0);
    if (inBurst < 1) value += blood * std::pow(std::sin(M_PI * inBurst), 2) * one(random);
    for (const double event : times)
      if (t >= event && t < event + 0.2)
        value += tap * std::exp(-(t - event) / 0.02) * std::sin(2 * M_PI * 300 * (t - event));
    sum += value * value;
    if (n % kPerBin == kPerBin - 1) {
      sound.energy.push_back(sum / kPerBin);
      sum = 0;
    }
  }
  return sound;
}

}  // namespace soleus
