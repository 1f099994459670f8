#include "calibration/dicom/frame_header.h"

namespace soleus {
namespace {

constexpr std::size_t kWordBytes = 4;
constexpr std::size_t kHeaderBytes = 16 * kWordBytes;
constexpr std::uint32_t kMostSegments = 15;

std::uint32_t littleEndian(std::span<const std::uint8_t> bytes, std::size_t word) {
  std::uint32_t value = 0;
  for (std::size_t n = kWordBytes; n-- > 0;) value = (value << 8) | bytes[word * kWordBytes + n];
  return value;
}

bool startsFrame(std::uint8_t marker) {
  // Of C0 to CF all but the tables DHT and DAC, and the one that is reserved.
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Whether a length follows the marker: it does but for TEM, RST, SOI and EOI, and those that are reserved.
bool hasLength(std::uint8_t marker) {
  return marker >= 0xc0 && !(marker >= 0xd0 && marker <= 0xd9);
}

}  // namespace

bool hasSoundRleHeader(std::span<const std::uint8_t> frame) {
  if (frame.size() <= kHeaderBytes) return false;
  const std::uint32_t segments = littleEndian(frame, 0);
  if (segments < 1 || segments > kMostSegments) return false;
  std::size_t last = kHeaderBytes - 1;
  for (std::size_t n = 1; n <= segments; ++n) {
    const std::size_t offset = littleEndian(frame, n);
    if (offset <= last || offset >= frame.size()) return false;
    last = offset;
  }
  return true;
}

bool hasSoundJpegHeader(std::span<const std::uint8_t> fragment) {
  if (fragment.size() < 2 || fragment[0] != 0xff || fragment[1] != 0xd8) return false;
  std::size_t at = 2;
  while (at + 4 < fragment.size() && fragment[at] == 0xff) {
    const std::uint8_t marker = fragment[at + 1];
    if (startsFrame(marker)) return true;
    if (marker == 0xff) {
      ++at;  // filled up
      continue;
    }
    const std::size_t length = static_cast<std::size_t>(fragment[at + 2]) * 256 + fragment[at + 3];
    if (!hasLength(marker) || length < 2) return false;
    at += 2 + length;
  }
  return false;
}

}  // namespace soleus
