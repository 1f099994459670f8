/// From a recording of Doppler sound to a session file.
#pragma once

#include <string>

#include "pipeline/core/result.h"
#include "plugins/dopplerspectrum/signal_tracker.h"
#include "tools/soleus/measure.h"
#include "tools/soleus/pipeline_run.h"

namespace soleus {

struct SoundJob {
  std::string path;  ///< any file from which GStreamer decodes sound
  SpectrumSettings spectrum;
  SessionNotes notes;
  std::string configuration;  ///< YAML, stored with the session
  std::string sessionPath;    ///< created by the run; must not exist
  RunOptions run;
};

/// File ─► decoder ─► audioconvert ─► dopplerspectrum ─► sessionsink.measurement
/// Errors: of the file (also one without sound, or with more than two channels), the calibration or the
/// storage.
Result<RunEnd> measureSound(const SoundJob& job);

}  // namespace soleus
