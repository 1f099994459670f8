/// Grey as the video carries it.
#pragma once

#include <cstdint>

namespace soleus {

/// Luma of a full-range grey (0 to 255) in limited-range video: Y = 16 + 219 g / 255 (ITU-R BT.709).
constexpr std::uint8_t lumaOfGrey(int grey) {
  return static_cast<std::uint8_t>((16 * 255 + 219 * grey + 127) / 255);
}

/// Chroma of every grey.
inline constexpr std::uint8_t kNeutralChroma = 128;

}  // namespace soleus
