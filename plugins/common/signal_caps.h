/// The caps of a signal stream: bytes in the format of pipeline/signal, and what their values mean.
#pragma once

#include <gst/gst.h>

#include "pipeline/core/result.h"
#include "pipeline/core/signal.h"

namespace soleus {

/// `application/x-soleus-signal, stream=(string)board, rate=(double)1000, channels=(string)<emg, force>,
/// units=(string)<mV, N>, gains=(double)<0.001, 1>`; `rate` is left out where samples come unevenly, and
/// `token=(string)WORD` says what each line has to begin with. With `format=(string)samples` the bytes are
/// blocks of interleaved float32 samples, the number of the first as the buffer's offset.
#define SOLEUS_SIGNAL_CAPS "application/x-soleus-signal"

/// The caller owns the caps.
GstCaps* newSignalCaps(const SignalSource& source);
/// Errors: a field is missing or of another type or length.
Result<SignalSource> signalOfCaps(const GstCaps* caps);

}  // namespace soleus
