/// Sources of signals that a lab can name beside its video, and the GStreamer elements each becomes.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

#include "pipeline/core/result.h"
#include "pipeline/core/signal.h"
#include "tools/soleus/signal_capture.h"

namespace soleus {

struct SignalInput {
  enum class Kind {
    kUdp,     ///< lines of text (pipeline/signal) that a measuring board sends
    kSerial,  ///< the same, from a serial port
    kPulse,   ///< an audio interface, by PulseAudio
  };
  Kind kind = Kind::kUdp;
  SignalSource source;
  std::string address = "127.0.0.1";  ///< kUdp: to listen on
  int port = 0;                       ///< likewise
  int baud = 115200;                  ///< kSerial; boards with USB of their own have no speed and take any
  std::string device;  ///< kPulse: its name; empty: the one that the system prefers. kSerial: /dev/ttyACM0
};

/// Whether only programs of this machine reach the address.
bool isLoopback(const std::string& address);

/// Adds what receives it to `pipeline`, before `sink`, a sessionsink. Gives what captures beside the
/// pipeline, if anything does: it must go before the pipeline does. Errors: an element is missing, the
/// address is none or cannot be listened on, the board or interface cannot be opened.
Result<std::unique_ptr<SignalCapture>> addSignalInput(GstElement* pipeline, GstElement* sink,
                                                      const SignalInput& input);

}  // namespace soleus
