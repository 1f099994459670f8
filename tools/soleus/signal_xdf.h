/// A signal from a file of the Lab Streaming Layer (XDF).
#pragma once

#include "tools/soleus/signal_file.h"

namespace soleus {

/// One channel: its label, or STREAM/LABEL or STREAM/NUMBER where several streams have it; empty: the only
/// one. Time 0 is the earliest sample of the whole file, so that all its streams stay on one clock. Names,
/// offset and source are the caller's. Errors (kBadInput): of readXdf(), no such channel or several, times
/// that do not go on.
Result<SignalRecording> readXdfSignal(const SignalRequest& request);

}  // namespace soleus
