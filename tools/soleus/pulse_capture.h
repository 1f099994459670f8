/// The multichannel audio interface that digitises a lab's EMG, force or Doppler sound, by PulseAudio.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "pipeline/core/result.h"
#include "tools/soleus/signal_input.h"

namespace soleus {

/// Captures the inputs of one interface, as they are numbered there: GStreamer's own source would let
/// PulseAudio mix them by loudspeaker positions. Each block goes to an `appsrc` with the number of its first
/// sample as offset, what the server lost counted, and its arrival as stamp. Runs on a thread of its own from
/// open() on; blocks are thrown away until the appsrc has a clock. When the interface goes, the appsrc posts
/// the error.
class PulseCapture {
 public:
  virtual ~PulseCapture() = default;

  /// `target` must outlive it. Errors (kSource): no server, no such interface, fewer inputs than channels.
  static Result<std::unique_ptr<PulseCapture>> open(const SignalInput& input, GstElement* target);
};

}  // namespace soleus
