/// The header of a frame in RLE, which DCMTK 3.6.7 follows out of bounds when it is damaged.
#pragma once

#include <cstdint>
#include <span>

namespace soleus {

/// Whether `frame` (one fragment, PS3.5 annex G) begins with a header of 1 to 15 segments that lie one behind
/// the other inside of it.
bool hasSoundRleHeader(std::span<const std::uint8_t> frame);

}  // namespace soleus
