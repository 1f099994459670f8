/// How far the strip reaches among the regions that move.
#pragma once

#include <optional>
#include <vector>

#include "calibration/screen/moving_regions.h"
#include "calibration/screen/screen_statistics.h"
#include "calibration/screen/strip_motion.h"

namespace soleus {

/// A region that moves, with its pace if it is a strip.
struct WatchedRegion {
  MovingRegion region;
  std::optional<StripPace> pace;
};

/// The regions with the strip, the first that has a pace, as far as its noise moves: bursts of its flow, or
/// bands of its noise, may have been found as regions of their own and are left out once it holds them.
std::vector<WatchedRegion> withWholeStrip(const ScreenPicture& picture, std::vector<WatchedRegion> regions);

}  // namespace soleus
