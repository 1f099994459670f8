/// Butterworth filters as a cascade of second-order sections, for complex samples.
#pragma once

#include <array>
#include <complex>

namespace soleus {

/// Sixth order: 36 dB an octave holds wall echoes of 60 dB at half the corner or below, as wall filters do.
/// State between samples; one thread at a time. Sections by the bilinear transform (Bristow-Johnson,
/// "Cookbook formulae for audio EQ biquad filter coefficients", 1998).
class Butterworth {
 public:
  static Butterworth highPass(double cornerHz, double rateHz);
  static Butterworth lowPass(double cornerHz, double rateHz);

  std::complex<double> operator()(std::complex<double> x);

 private:
  struct Section {
    double b0 = 0, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
    std::complex<double> s1, s2;  // transposed direct form II
  };
  static Butterworth make(double cornerHz, double rateHz, double side);
  std::array<Section, 3> sections_;
};

}  // namespace soleus
