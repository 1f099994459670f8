/// Sums over neighbouring pixels of one row, sixteen at a time: registration and watching the layout see
/// every pixel of every frame several times.
#pragma once

#include <cstdint>

namespace soleus {

/// Sum of `count` pixels.
std::uint64_t sumOf(const std::uint8_t* pixels, int count);

/// Sum of |a - b| over `count` pixels.
std::uint64_t sumOfDifferences(const std::uint8_t* a, const std::uint8_t* b, int count);

/// Sum of (a - b)^2 over `count` pixels, at most 60,000 of them.
std::uint64_t sumOfSquaredDifferences(const std::uint8_t* a, const std::uint8_t* b, int count);

}  // namespace soleus
