/// Onsets of taps and clicks in sound, by its energy.
#pragma once

#include <string>
#include <vector>

#include "pipeline/clock/sync_series.h"

namespace soleus {

/// Energy of sound in short bins of even length, all channels together, without its direct part.
struct SoundEnergy {
  double binS = 0;             ///< a quarter of a millisecond or so
  double startS = 0;           ///< of the first bin
  std::vector<double> energy;  ///< mean square of each bin, full scale 1
};

/// Sudden rises of the energy; each onset is where the energy's variance model changes (the minimum of
/// Akaike's criterion: Maeda, Zisin 1985, as seismologists pick first arrivals).
SyncSeries soundOnsets(const SoundEnergy& sound, const std::string& name);

}  // namespace soleus
