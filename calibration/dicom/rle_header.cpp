#include "calibration/dicom/rle_header.h"

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

}  // namespace soleus
