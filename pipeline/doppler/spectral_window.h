/// The spectral window of scanners: what a single frequency looks like in a spectrum.
#pragma once

#include <cmath>
#include <numbers>

namespace soleus {

/// Power response of a Hann window, 1 in its middle; `x` in resolutions (1 / the window's length). The main
/// lobe ends at 2, the side lobes lie below -31 dB.
inline double hannPower(double x) {
  if (std::abs(x) < 1e-9) return 1.0;
  if (std::abs(std::abs(x) - 1.0) < 1e-9) return 0.25;
  const double angle = std::numbers::pi * x;
  const double amplitude = std::sin(angle) / (angle * (1.0 - x * x));
  return amplitude * amplitude;
}

/// How alike the powers of noise are `x` resolutions apart, seen through a Hann window: the squared transform
/// of the window's square, 1 at 0.
inline double hannSpeckle(double x) {
  const auto sinc = [](double y) {
    const double angle = std::numbers::pi * y;
    return std::abs(angle) < 1e-9 ? 1.0 : std::sin(angle) / angle;
  };
  const double amplitude = sinc(x) + (sinc(x - 1) + sinc(x + 1)) * 2 / 3 + (sinc(x - 2) + sinc(x + 2)) / 6;
  return amplitude * amplitude;
}

/// Beyond this many resolutions its side lobes are below -60 dB.
inline constexpr double kHannReach = 8.0;

}  // namespace soleus
