/// From a recording to its session file: what `analyse` does, and whatever needs a measurement on the way.
#pragma once

#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "plugins/dopplerspectrum/signal_tracker.h"
#include "plugins/duplextrack/video_tracker.h"
#include "tools/protocol/protocol.h"
#include "tools/soleus/calibrate.h"
#include "tools/soleus/measure.h"
#include "tools/soleus/signal_file.h"

namespace soleus {

struct AnalysisJob {
  std::string input;   ///< video, DICOM, sound or I/Q
  std::string output;  ///< session file
  std::string from;    ///< audio, video, or empty: what the profile describes, video first
  double windowMs = SpectrumSettings().windowMs;
  double maxVelocityCmPerS = SpectrumSettings().maxVelocityCmPerS;
  bool force = false;  ///< overwrite the output
  SessionNotes notes;
  TrackerSettings tracker;
  std::vector<SignalRequest> signals;  ///< of other recorders, to be kept with the session
  std::string protocol;                ///< that the participant followed: a file or a name; empty: none
  double protocolStartS = 0;           ///< session time of its beginning
  CalibrateOptions search;  ///< where the tracker has no calibration: how to find it in the recording
};

/// Measures the whole recording. Errors of input, profile and storage; nothing is left behind then, nor when
/// it is interrupted (kUsage).
Status analyse(const AnalysisJob& asked);

}  // namespace soleus
