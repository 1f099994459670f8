/// Measuring boards that a lab can name beside its video, and the GStreamer elements each becomes.
#pragma once

#include <gst/gst.h>

#include <string>

#include "pipeline/core/result.h"
#include "pipeline/core/signal.h"

namespace soleus {

/// Lines of text (pipeline/signal) that a board sends by UDP.
struct SignalInput {
  SignalSource source;
  std::string address = "127.0.0.1";  ///< to listen on
  int port = 0;
};

/// Whether only programs of this machine reach the address.
bool isLoopback(const std::string& address);

/// Adds what receives it to `pipeline`, before `sink`, a sessionsink. Errors: an element is
/// missing, the address is none or cannot be listened on.
Status addSignalInput(GstElement* pipeline, GstElement* sink, const SignalInput& input);

}  // namespace soleus
