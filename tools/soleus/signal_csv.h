/// A signal from a table of text.
#pragma once

#include "tools/soleus/signal_file.h"

namespace soleus {

/// A line "time_s,NAME[,NAME ...]", then a line of numbers for each sample, times ascending. NAME may end in
/// its units: "emg (mV)" or "emg [mV]". An empty value is one that is missing. Names, offset and source are
/// the caller's.
Result<SignalRecording> readCsvSignal(const SignalRequest& request);

}  // namespace soleus
