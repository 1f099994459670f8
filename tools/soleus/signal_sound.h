/// A signal from one channel of a sound file, as multichannel recorders write them.
#pragma once

#include "tools/soleus/signal_file.h"

namespace soleus {

/// The samples of one channel (by its number from 1; empty: the only one), full scale 1. Names, offset and
/// source are the caller's. Errors (kBadInput): no sound, no such channel.
Result<SignalRecording> readSoundSignal(const SignalRequest& request);

}  // namespace soleus
