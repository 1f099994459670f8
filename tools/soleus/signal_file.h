/// Signals of other recorders, from files: EMG, force or ECG to be kept with a session.
#pragma once

#include <string>

#include "pipeline/core/result.h"
#include "pipeline/core/signal_recording.h"

namespace soleus {

/// What `--signal NAME=FILE[#CHANNEL][@OFFSET_S]` asks for.
struct SignalRequest {
  std::string name;     ///< in the session
  std::string file;     ///< .csv, .edf, .bdf, .wav, .flac or .xdf
  std::string channel;  ///< its label, or its number from 1; empty: the only one
  double offsetS = 0;   ///< from the file's time to the session clock
};

/// Errors (kUsage): no NAME or no FILE, a NAME that is none.
Result<SignalRequest> parseSignalRequest(const std::string& text);

/// Moves what follows the last '#' of `request.file` to `request.channel`, unless a file has that name.
void takeChannel(SignalRequest& request);

/// The whole signal on the session clock; what lies before 0 is left out. Errors (kBadInput): not readable,
/// no such channel, times that do not go on, nothing at or after 0.
Result<SignalRecording> readSignalFile(const SignalRequest& request);

/// Letters, digits and _, no digit first: readers in other languages make variables of it.
bool isSignalName(const std::string& name);

}  // namespace soleus
