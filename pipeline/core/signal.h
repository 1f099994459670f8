/// Sampled signals beside the video: EMG, force, ECG, a sync pulse.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/core/capture_delay.h"

namespace soleus {

struct SignalChannel {
  std::string name;   ///< /signals/NAME of the session file
  std::string units;  ///< UDUNITS: mV, N, ...
  double gain = 1;    ///< units for each unit that the source sends
  bool operator==(const SignalChannel&) const = default;
};

/// A source of signals that are sampled together: /streams/NAME of the session file.
struct SignalSource {
  std::string stream;
  std::optional<double> samplesPerSecond;  ///< of the source's own clock; none if they come unevenly
  std::vector<SignalChannel> channels;     ///< in the order in which the source sends them
  std::string token;                       ///< word that each line has to begin with; empty: none
  std::optional<CaptureDelay> delay = {};  ///< none: not measured, taken as 0
  bool operator==(const SignalSource&) const = default;
};

}  // namespace soleus
