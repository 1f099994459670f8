/// The echo of moving blood as complex I/Q samples.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "calibration/phantom/counter_random.h"

namespace soleus {

/// A sum of scatterers spread evenly over the vessel's cross-section: with the profile v = vm (1 - (r/R)^n)
/// their velocities u = v/vm have the density (1-u)^(2/n-1), flat for n = 2, so the sum is Gaussian noise
/// with the spectrum of that profile (Mo and Cobbold, IEEE Trans Biomed Eng 1989;36:20). Each keeps a random
/// complex amplitude while it crosses the sample volume, weighted by a half sine, and is then replaced: the
/// transit broadens the spectrum in proportion to the velocity, and blood that stands still is a still echo.
/// The phases follow the velocity block by block, so the spectrum is right also while it changes. Mean
/// power 1. Sequential; one thread at a time.
class BloodEcho {
 public:
  /// Samples made at a time; the velocity is held over them, 0.9 ms at 4.6 kHz.
  static constexpr int kBlock = 4;

  BloodEcho(double profileExponent, std::uint64_t seed);

  /// Adds the next kBlock samples to `out`. `radiansPerSample`: phase step of the fastest scatterer, negative
  /// for flow away from the heart. `transitsPerSample`: share of the sample volume that it crosses meanwhile.
  void add(double radiansPerSample, double transitsPerSample, std::span<std::complex<float>, kBlock> out);

 private:
  struct Scatterer {
    double velocityShare = 0;  // u
    std::complex<float> phasor;
  };
  /// Scatterers of one ring of the cross-section; one enters where the other is in the middle.
  struct Ring {
    double velocityShare = 0;  // mean u of the ring
    double phase = 0;          // of the first one's transit, 0 to 1; the second is half a transit ahead
    std::uint64_t births = 0;
    Scatterer first, second;
  };
  Scatterer born(std::size_t ring);

  double profileExponent_;
  CounterRandom random_;
  std::vector<Ring> rings_;
};

}  // namespace soleus
