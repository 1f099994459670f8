/// The echo of moving blood as complex I/Q samples.
#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "calibration/phantom/counter_random.h"

namespace soleus {

/// A sum of scatterers spread evenly over the vessel's cross-section: with the profile v = vm (1 - (r/R)^n)
/// their velocities u = v/vm have the density (1-u)^(2/n-1), flat for n = 2, so the sum is Gaussian noise
/// with the spectrum of that profile (Mo and Cobbold, IEEE Trans Biomed Eng 1989;36:20). Each keeps a random
/// complex amplitude while it crosses the sample volume, weighted by a half sine, and is then replaced: the
/// transit broadens the spectrum. The phases follow the velocity through every sample, so the spectrum is
/// right also while it changes. Mean power 1. One thread at a time.
class BloodEcho {
 public:
  /// Samples made at a time; the velocity is held over them, 1.7 ms at 4.6 kHz.
  static constexpr int kBlock = 8;

  /// `transitSamples`: life of a scatterer, rounded to whole pairs of blocks.
  BloodEcho(double profileExponent, double transitSamples, std::uint64_t seed);

  /// Adds block `index` (samples index * kBlock on) to `out`. `radiansPerSample`: phase step of the fastest
  /// scatterer, negative for flow away from the heart. Blocks in ascending order without holes.
  void add(std::int64_t index, double radiansPerSample, std::span<std::complex<float>, kBlock> out);

 private:
  struct Scatterer {
    std::int64_t offsetBlocks = 0;
    double velocityShare = 0;  // u
    std::complex<float> phasor;
    bool born = false;
  };
  void renew(std::size_t i, std::int64_t generation);

  double profileExponent_;
  std::int64_t lifeBlocks_;
  CounterRandom random_;
  std::vector<Scatterer> scatterers_;
  std::vector<float> transit_;  // half sine over a life, one entry a sample
};

}  // namespace soleus
