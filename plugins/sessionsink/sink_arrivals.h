/// From a buffer on a pad of sessionsink to what the recorder writes of it.
#pragma once

#include <gst/gst.h>

#include <optional>

#include "pipeline/core/result.h"
#include "plugins/sessionsink/session_recorder.h"
#include "plugins/sessionsink/sink_state.h"

namespace soleus {

/// Nothing for a buffer outside the segment. Errors: a measurement that cannot be read. On the pad's
/// streaming thread, as the next.
Result<std::optional<Arrival>> arrivalOf(SinkPadState& pad, GstBuffer* buffer);

/// The same of a signal pad. Each buffer is a datagram: its end is the end of a line. Errors: no caps came
/// before it.
Result<std::optional<SignalArrival>> signalOf(const SinkPadState& pad, GstBuffer* buffer);

/// The kind of pad that an arrival came by.
SinkInput inputOf(const Arrival& arrival);

}  // namespace soleus
