/// Bursts that are the heart's.
#pragma once

#include <vector>

namespace soleus {

/// Whether each burst is one of a row that follows an arterial pulse: six or more in unbroken succession,
/// faster than 46 a minute, each interval within a fifth of the row's median, and what is joined to such a
/// row: what a probe shows that hears an artery beside the vein. Contractions to a metronome do as well,
/// which the flow alone cannot tell.
std::vector<bool> isPulse(const std::vector<double>& onsetS);

}  // namespace soleus
