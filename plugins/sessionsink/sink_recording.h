/// What sessionsink does with its buffers: from the first one on there is a file, at the end it is closed.
#pragma once

#include <gst/gst.h>

#include "pipeline/core/result.h"
#include "plugins/sessionsink/session_recorder.h"
#include "plugins/sessionsink/sink_state.h"

namespace soleus {

/// Posts the error as `element`'s; nothing is recorded any more. Called with the mutex held.
GstFlowReturn failSink(GstElement* element, SinkState& state, const Error& error);

/// Takes the mutex, as recordBuffer() does. Waits while the recorder's queue is full.
GstFlowReturn record(GstElement* element, SinkState& state, Arrival arrival);

/// On the pad's streaming thread.
GstFlowReturn recordBuffer(GstElement* element, SinkState& state, SinkPadState& pad, GstBuffer* buffer);

/// Writes the end of the file. False if it cannot be, which then has been posted. Called with the mutex held.
bool closeFile(GstElement* element, SinkState& state);

}  // namespace soleus
