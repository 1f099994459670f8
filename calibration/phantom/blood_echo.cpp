#include "calibration/phantom/blood_echo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soleus {
namespace {

// Rings of equal area. 64 put their lines at most 1/64 of the maximum shift apart (n = 2), closer than a 10
// ms window resolves up to 150 cm/s.
constexpr std::size_t kRings = 64;
// The golden section spreads the entries of the rings evenly over a transit.
constexpr double kGoldenSection = 0.6180339887498949;

/// Velocity share at a share of the cross-section's area, counted from the wall to the axis.
double velocityShareAt(double areaShare, double profileExponent) {
  return 1.0 - std::pow(1.0 - areaShare, profileExponent / 2.0);
}

/// Adds a scatterer whose weight goes from `before` to `after` over the block, and turns it on.
void emit(double before, double after, std::complex<float> turn, std::complex<float>& phasor,
          std::span<std::complex<float>, BloodEcho::kBlock> out) {
  const auto step = static_cast<float>((after - before) / BloodEcho::kBlock);
  auto weight = static_cast<float>(before);
  float re = phasor.real();
  float im = phasor.imag();
  for (std::complex<float>& sample : out) {
    sample += std::complex<float>(weight * re, weight * im);
    weight += step;
    const float turned = re * turn.real() - im * turn.imag();
    im = re * turn.imag() + im * turn.real();
    re = turned;
  }
  phasor = {re, im};
}

}  // namespace

BloodEcho::BloodEcho(double profileExponent, std::uint64_t seed)
    : profileExponent_(profileExponent), random_(seed, RandomStream::kBlood), rings_(kRings) {
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    Ring& ring = rings_[i];
    ring.velocityShare = velocityShareAt((static_cast<double>(i) + 0.5) / kRings, profileExponent_);
    ring.phase = std::fmod(static_cast<double>(i) * kGoldenSection, 1.0);
    ring.first = born(i);
    ring.second = born(i);
  }
}

BloodEcho::Scatterer BloodEcho::born(std::size_t ring) {
  const std::uint64_t counter = rings_[ring].births++ * kRings + ring;
  // A birth owns the counters 4c to 4c+3: one for the place, the last two for the amplitude.
  const double areaShare = (static_cast<double>(ring) + random_.uniform(4 * counter)) / kRings;
  return {
      velocityShareAt(areaShare, profileExponent_),
      std::complex<float>(random_.complexNormal(2 * counter + 1) / std::sqrt(static_cast<double>(kRings)))};
}

void BloodEcho::add(double radiansPerSample, double transitsPerSample,
                    std::span<std::complex<float>, kBlock> out) {
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    Ring& ring = rings_[i];
    // A transit ends with a block, so that a scatterer is only replaced where its weight is zero.
    const double border = ring.phase < 0.5 ? 0.5 : 1.0;
    const double phase = std::min(ring.phase + kBlock * transitsPerSample * ring.velocityShare, border);
    const double before = std::numbers::pi * ring.phase;
    const double after = std::numbers::pi * phase;
    const auto turn = [&](const Scatterer& s) {
      return std::complex<float>(std::polar(1.0, radiansPerSample * s.velocityShare));
    };
    // Half sines half a transit apart: the sum of their squares, the power, is constant.
    emit(std::sin(before), std::sin(after), turn(ring.first), ring.first.phasor, out);
    emit(std::abs(std::cos(before)), std::abs(std::cos(after)), turn(ring.second), ring.second.phasor, out);
    ring.phase = phase;
    if (phase < border) continue;
    if (border == 1.0) {
      ring.phase = 0.0;
      ring.first = born(i);
    } else {
      ring.second = born(i);
    }
  }
}

}  // namespace soleus
