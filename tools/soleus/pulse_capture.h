/// The multichannel audio interface that digitises a lab's EMG, force or Doppler sound, by PulseAudio.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "pipeline/core/result.h"
#include "tools/soleus/signal_capture.h"
#include "tools/soleus/signal_input.h"

namespace soleus {

/// Captures the inputs of one interface, as they are numbered there: GStreamer's own source would let
/// PulseAudio mix them by loudspeaker positions. Each block goes to `target`, an appsrc, with the number of
/// its first sample as offset, what the server lost counted; `target` must outlive it. When the interface
/// goes, `target` posts the error. Errors (kSource): no server, no such interface, fewer inputs than
/// channels.
Result<std::unique_ptr<SignalCapture>> openPulse(const SignalInput& input, GstElement* target);

}  // namespace soleus
