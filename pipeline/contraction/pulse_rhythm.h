/// Bursts that are the heart's.
#pragma once

#include <vector>

namespace soleus {

/// Whether each burst is one of a row that follows an arterial pulse: six or more in unbroken succession,
/// faster than 46 a minute, each interval within a fifth of the row's median. Nobody contracts a calf as
/// steadily and fast for as long; a probe that hears an artery beside the vein does show just that.
std::vector<bool> isPulse(const std::vector<double>& onsetS);

}  // namespace soleus
