/// From a recording of Doppler sound to a session file.
#pragma once

#include <string>

#include "pipeline/core/result.h"
#include "pipeline/dataset/iq_reader.h"
#include "plugins/dopplerspectrum/signal_tracker.h"
#include "tools/soleus/measure.h"
#include "tools/soleus/pipeline_run.h"

namespace soleus {

struct SoundJob {
  std::string path;              ///< any file from which GStreamer decodes sound
  const IqReader* iq = nullptr;  ///< I/Q of that file, if it is HDF5; borrowed for the run
  SpectrumSettings spectrum;
  SessionNotes notes;
  std::string protocolName;   ///< empty: none
  std::string configuration;  ///< YAML, stored with the session; what became of `spectrum` is added to it
  std::string sessionPath;    ///< created by the run; must not exist
  RunOptions run;
};

/// File ─► decoder, or I/Q ─► audioconvert ─► dopplerspectrum ─► sessionsink.measurement
/// Errors: of the file (also one without sound, with more than two channels, or with I/Q that is silent or no
/// number), the calibration or the storage.
Result<RunEnd> measureSound(const SoundJob& job);

}  // namespace soleus
