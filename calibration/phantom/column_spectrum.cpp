#include "calibration/phantom/column_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

// The usual compromise of spectral scanners at a common PRF: 144 Hz of resolution, the flow nearly constant
// meanwhile.
constexpr double kWindowS = 0.010;
// At a low PRF, chosen for slow flow, scanners keep the number of samples instead and resolve slow flow
// finer.
constexpr int kLeastSamples = 47;
// Keeps the logarithm of an empty window finite.
constexpr float kLeastPower = 1e-30F;

}  // namespace

ColumnSpectrum::ColumnSpectrum(const Scenario& scenario, const DopplerCalibration& calibration)
    : windowSamples_(std::max(
          kLeastSamples, 2 * static_cast<int>(std::lround(kWindowS * scenario.scanner.prfHz / 2.0)) + 1)),
      rows_(static_cast<std::size_t>(calibration.region.height)),
      blackDb_(static_cast<float>(-scenario.noise.snrDb - scenario.scanner.noiseAboveBlackDb)),
      greyPerDb_(static_cast<float>(255.0 / scenario.scanner.dynamicRangeDb)),
      kernelRe_(rows_ * static_cast<std::size_t>(windowSamples_)),
      kernelIm_(kernelRe_.size()),
      re_(rows_),
      im_(rows_),
      power_(rows_) {
  std::vector<double> window;
  double energy = 0;
  for (int n = 0; n < windowSamples_; ++n) {
    const double x = std::sin(std::numbers::pi * (n + 0.5) / windowSamples_);
    window.push_back(x * x);
    energy += window.back() * window.back();
  }
  for (int n = 0; n < windowSamples_; ++n) {
    for (std::size_t row = 0; row < rows_; ++row) {
      const double velocity = velocityOfRow(calibration, static_cast<double>(row));
      const double turns = dopplerShiftHz(scenario.scanner, velocity) / scenario.scanner.prfHz * n;
      const std::complex<double> k = std::polar(window[static_cast<std::size_t>(n)] / std::sqrt(energy),
                                                -2.0 * std::numbers::pi * turns);
      kernelRe_[static_cast<std::size_t>(n) * rows_ + row] = static_cast<float>(k.real());
      kernelIm_[static_cast<std::size_t>(n) * rows_ + row] = static_cast<float>(k.imag());
    }
  }
}

std::span<const float> ColumnSpectrum::power(std::span<const std::complex<float>> samples) {
  std::fill(re_.begin(), re_.end(), 0.0F);
  std::fill(im_.begin(), im_.end(), 0.0F);
  // Rows innermost: the compiler may take several at once without changing the order of any sum.
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const float a = samples[n].real();
    const float b = samples[n].imag();
    const float* kernelRe = &kernelRe_[n * rows_];
    const float* kernelIm = &kernelIm_[n * rows_];
    for (std::size_t row = 0; row < rows_; ++row) {
      re_[row] += a * kernelRe[row] - b * kernelIm[row];
      im_[row] += a * kernelIm[row] + b * kernelRe[row];
    }
  }
  for (std::size_t row = 0; row < rows_; ++row) power_[row] = re_[row] * re_[row] + im_[row] * im_[row];
  return power_;
}

std::uint8_t ColumnSpectrum::grey(float power) const {
  const float db = 10.0F * std::log10(std::max(power, kLeastPower));
  return static_cast<std::uint8_t>(std::lround(std::clamp((db - blackDb_) * greyPerDb_, 0.0F, 255.0F)));
}

}  // namespace soleus
