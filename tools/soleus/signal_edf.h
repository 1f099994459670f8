/// A signal from an EDF, EDF+ or BDF file (Kemp et al., Electroenceph Clin Neurophysiol 1992), by EDFlib.
#pragma once

#include "tools/soleus/signal_file.h"

namespace soleus {

/// The physical values of one channel. What the file says of the patient is not read. Names, offset and
/// source are the caller's.
Result<SignalRecording> readEdfSignal(const SignalRequest& request);

}  // namespace soleus
