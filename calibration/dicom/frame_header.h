/// The headers of compressed frames, which DCMTK 3.6.7 trusts: a damaged one leads it out of bounds (RLE) or
/// into an endless loop (JPEG, marker TEM).
#pragma once

#include <cstdint>
#include <span>

namespace soleus {

/// Whether `frame` (one fragment, PS3.5 annex G) begins with a header of 1 to 15 segments that lie one behind
/// the other inside of it.
bool hasSoundRleHeader(std::span<const std::uint8_t> frame);

/// Whether `fragment`, a frame's first, begins as a JPEG file does: segments that lie inside of it, up to the
/// one that starts the frame (ISO/IEC 10918-1, annex B).
bool hasSoundJpegHeader(std::span<const std::uint8_t> fragment);

}  // namespace soleus
