/// Palettes in segments, as some scanners write them and DCMTK does not read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace soleus {

/// Segmented palette colour lookup table data (PS3.3, C.7.9.2), 16 bits a word, as a table of `entries`
/// colours. Nothing where the segments are damaged or give another number of colours.
std::optional<std::vector<std::uint16_t>> expandPalette(std::span<const std::uint16_t> segments,
                                                        std::size_t entries);

}  // namespace soleus
