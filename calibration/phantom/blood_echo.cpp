#include "calibration/phantom/blood_echo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soleus {
namespace {

// Rings of equal area, each with two scatterers whose half-sine weights add to constant power. 64 put their
// lines at most 1/64 of the maximum shift apart (n = 2), closer than a 10 ms window resolves up to 150 cm/s.
constexpr int kRings = 64;
// The golden section spreads the replacements of the rings evenly over a life.
constexpr double kGoldenSection = 0.6180339887498949;

}  // namespace

BloodEcho::BloodEcho(double profileExponent, double transitSamples, std::uint64_t seed)
    : profileExponent_(profileExponent),
      lifeBlocks_(2 * std::max<std::int64_t>(1, std::llround(transitSamples / (2.0 * kBlock)))),
      random_(seed, RandomStream::kBlood),
      scatterers_(2 * kRings) {
  for (int ring = 0; ring < kRings; ++ring) {
    const double share = std::fmod(ring * kGoldenSection, 1.0);
    const auto offset = static_cast<std::int64_t>(share * static_cast<double>(lifeBlocks_));
    scatterers_[static_cast<std::size_t>(2 * ring)].offsetBlocks = offset;
    scatterers_[static_cast<std::size_t>(2 * ring + 1)].offsetBlocks = offset + lifeBlocks_ / 2;
  }
  const std::int64_t lifeSamples = lifeBlocks_ * kBlock;
  for (std::int64_t s = 0; s < lifeSamples; ++s) {
    const double x = (static_cast<double>(s) + 0.5) / static_cast<double>(lifeSamples);
    transit_.push_back(static_cast<float>(std::sin(std::numbers::pi * x)));
  }
}

void BloodEcho::renew(std::size_t i, std::int64_t generation) {
  // Generations before time 0 are negative; the conversion wraps and stays one to one.
  const std::uint64_t counter = static_cast<std::uint64_t>(generation) * (2 * kRings) + i;
  const double ring = static_cast<double>(i / 2);
  const double areaShare = (ring + random_.uniform(4 * counter)) / kRings;  // (r/R)^2 counted from the wall
  Scatterer& s = scatterers_[i];
  s.velocityShare = 1.0 - std::pow(1.0 - areaShare, profileExponent_ / 2.0);
  s.phasor = std::complex<float>(random_.complexNormal(2 * counter + 1) / std::sqrt(double{kRings}));
  s.born = true;
}

void BloodEcho::add(std::int64_t index, double radiansPerSample, std::span<std::complex<float>, kBlock> out) {
  for (std::size_t i = 0; i < scatterers_.size(); ++i) {
    Scatterer& s = scatterers_[i];
    const std::int64_t place = index + s.offsetBlocks;
    const std::int64_t age = ((place % lifeBlocks_) + lifeBlocks_) % lifeBlocks_;
    if (age == 0 || !s.born) renew(i, (place - age) / lifeBlocks_);
    const auto turn = std::complex<float>(std::polar(1.0, radiansPerSample * s.velocityShare));
    const float* weight = &transit_[static_cast<std::size_t>(age) * kBlock];
    float re = s.phasor.real();
    float im = s.phasor.imag();
    for (std::size_t k = 0; k < kBlock; ++k) {
      out[k] += std::complex<float>(weight[k] * re, weight[k] * im);
      const float turned = re * turn.real() - im * turn.imag();
      im = re * turn.imag() + im * turn.real();
      re = turned;
    }
    s.phasor = {re, im};
  }
}

}  // namespace soleus
