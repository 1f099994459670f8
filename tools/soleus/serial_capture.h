/// A measuring board at a serial port: the lines that others send by UDP (pipeline/signal).
#pragma once

#include <gst/gst.h>

#include <memory>

#include "pipeline/core/result.h"
#include "tools/soleus/signal_capture.h"
#include "tools/soleus/signal_input.h"

namespace soleus {

/// Whether a serial port can be set to so many baud.
bool isSerialSpeed(int baud);

/// Opens the port (raw, eight bits, no parity, `input.baud`) and gives whole lines to `target`, an appsrc,
/// which must outlive it. A port that goes, as when the board is unplugged, is looked for each second until
/// it is there again. Errors (kSource): no such port, one that is no serial port or that may not be opened, a
/// speed that it does not know.
Result<std::unique_ptr<SignalCapture>> openSerial(const SignalInput& input, GstElement* target);

}  // namespace soleus
