/// The constant delay of a source: what a grabber, a sound card or a board adds before a stamp is given.
#pragma once

namespace soleus {

/// As `soleus calibrate --delay` measures it. Session times are without it, raw stamps as they came.
struct CaptureDelay {
  double delayS = 0;
  double uncertaintyS = 0;  ///< 95 % of the errors are smaller
  bool operator==(const CaptureDelay&) const = default;
};

}  // namespace soleus
