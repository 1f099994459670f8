/// Screens that nobody chose: what automatic calibration is tried on.
#pragma once

#include <cstdint>

#include "calibration/phantom/scenario.h"

namespace soleus {

/// A plausible scanner and 8 to 12 s of a calf's flow, all of it drawn by `seed`: size, layout, font,
/// colours, scales, printed settings, scroll or sweep, PRF and angle, codec, frame rate and noise. The same
/// seed gives the same scenario. Every number is readable: nothing overlaps, runs off the screen or enters a
/// measured region, and the velocity scale has at least three numbers. Its text is Scenario::yaml. Throws
/// std::runtime_error if the outline fonts are not installed.
Scenario randomScreen(std::uint64_t seed);

}  // namespace soleus
