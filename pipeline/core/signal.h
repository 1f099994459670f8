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

/// How a source sends its samples.
enum class SignalFormat {
  kLines,    ///< lines of text, see pipeline/signal/signal_line
  kSamples,  ///< blocks of interleaved float32, full scale 1, as an audio interface gives
};

/// A source of signals that are sampled together: /streams/NAME of the session file.
struct SignalSource {
  std::string stream;
  SignalFormat format = SignalFormat::kLines;
  std::optional<double>
      samplesPerSecond;  ///< of the source's own clock; none if they come unevenly, as only lines may
  std::vector<SignalChannel> channels;     ///< in the order in which the source sends them
  std::string token;                       ///< word that each line has to begin with; empty: none
  std::optional<CaptureDelay> delay = {};  ///< none: not measured, taken as 0
  bool operator==(const SignalSource&) const = default;
};

}  // namespace soleus
