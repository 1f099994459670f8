/// The scanner's spectrum: one column of the strip from the I/Q around its middle.
#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "calibration/phantom/scenario.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// Windowed discrete Fourier transform (Hann, about 10 ms, longer at a low PRF) taken at exactly the
/// frequency of every row's centre (velocityOfRow), as a zero-padded FFT would give it. Rows beyond half the
/// PRF show what wrapped there. Immutable after construction, save the scratch: one thread at a time.
class ColumnSpectrum {
 public:
  ColumnSpectrum(const Scenario& scenario, const DopplerCalibration& calibration);

  /// Samples in a window: odd, so that it has a middle one.
  [[nodiscard]] int windowSamples() const { return windowSamples_; }

  /// Power of each row, top first; length rows. White noise of power P gives P on average. `samples`:
  /// windowSamples() of them. Valid until the next call.
  std::span<const float> power(std::span<const std::complex<float>> samples);

  /// Full-range grey of that power, linear in dB: black lies noise_above_black_db below the mean noise power,
  /// white a dynamic range higher.
  [[nodiscard]] std::uint8_t grey(float power) const;

 private:
  int windowSamples_;
  std::size_t rows_;
  float blackDb_;
  float greyPerDb_;
  std::vector<float> kernelRe_, kernelIm_;  // [windowSamples_][rows_]
  std::vector<float> re_, im_, power_;      // [rows_]
};

}  // namespace soleus
