/// Random numbers by counter: number i of a stream is a pure function of (seed, stream, i), so any part of
/// the phantom can be made again without what came before. The standard library's distributions differ
/// between implementations; these do not.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>

namespace soleus {

/// One use of randomness each, so that changing one leaves the others as they were.
enum class RandomStream : std::uint64_t {
  kContractions = 1,
  kBlood,
  kClutter,
  kNoise,
  kSpeckle,
  kFrameNoise,
  kDoubledFrames,
  kScreen,
  kMuscle
};

class CounterRandom {
 public:
  CounterRandom(std::uint64_t seed, RandomStream stream)
      : key_(mixed(mixed(seed) + kGolden * static_cast<std::uint64_t>(stream))) {}

  [[nodiscard]] std::uint64_t bits(std::uint64_t counter) const {
    return mixed(key_ + kGolden * (counter + 1));
  }

  /// In (0, 1), never the ends.
  [[nodiscard]] double uniform(std::uint64_t counter) const {
    return (static_cast<double>(bits(counter) >> 11) + 0.5) * 0x1p-53;
  }

  /// Circular complex normal of mean power 1 (Box and Muller, Ann Math Stat 1958;29:610): exponential power,
  /// uniform phase.
  [[nodiscard]] std::complex<double> complexNormal(std::uint64_t counter) const {
    const double radius = std::sqrt(-std::log(uniform(2 * counter)));
    return std::polar(radius, 2.0 * std::numbers::pi * uniform(2 * counter + 1));
  }

 private:
  // 2^64 over the golden ratio: the increment of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  static constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

  // The finaliser of SplitMix64.
  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::uint64_t key_;
};

}  // namespace soleus
