/// Grey as the video carries it.
#pragma once

#include <cmath>
#include <cstdint>

namespace soleus {

/// Luma of a full-range grey (0 to 255) in limited-range video: Y = 16 + 219 g / 255 (ITU-R BT.709).
constexpr std::uint8_t lumaOfGrey(int grey) {
  return static_cast<std::uint8_t>((16 * 255 + 219 * grey + 127) / 255);
}

/// Grey of a full-range colour (ITU-R BT.709).
constexpr double greyOf(double red, double green, double blue) {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/// Chroma, limited range, of a colour with full-range `blue` or `red` (0 to 255) and `grey`.
inline std::uint8_t blueChroma(double blue, double grey) {
  return static_cast<std::uint8_t>(std::lround(128.0 + 224.0 / 255.0 * (blue - grey) / 1.8556));
}
inline std::uint8_t redChroma(double red, double grey) {
  return static_cast<std::uint8_t>(std::lround(128.0 + 224.0 / 255.0 * (red - grey) / 1.5748));
}

/// Chroma of every grey.
inline constexpr std::uint8_t kNeutralChroma = 128;

}  // namespace soleus
