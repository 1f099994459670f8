/// From a video source to a session file: the pipeline that `analyse` and `record` share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "plugins/duplextrack/video_tracker.h"
#include "tools/protocol/protocol.h"
#include "tools/soleus/network_clock.h"
#include "tools/soleus/pipeline_run.h"
#include "tools/soleus/signal_input.h"
#include "tools/soleus/video_archive.h"
#include "tools/soleus/video_source.h"

namespace soleus {

/// Session attributes that a person gives.
struct SessionNotes {
  std::string title;
  std::string subject;
  std::string limb;
  std::string condition;
};

struct MeasureJob {
  VideoSource source;
  std::vector<SignalInput> signals;
  ArchiveSettings archive;
  NetworkClockSettings clock;
  TrackerSettings tracker;
  SessionNotes notes;
  /// Of a live source its cues are given when they are due, and kept; of another it is named alone.
  std::optional<Protocol> protocol;
  /// YAML, stored with the session; asked for on a streaming thread when the first frame comes.
  std::function<Result<std::string>()> configuration;
  std::string sessionPath;  ///< created by the run; must not exist unless `overwrite`
  bool overwrite = false;
  bool followed = true;  ///< somebody may read the session while it is written
  RunOptions run;
};

/// Source ─► deinterlace ─► videoconvert ─► tee ─┬─► sessionsink.video
///                                               └─► duplextrack ─► sessionsink.measurement
/// for an archive a third branch, and, for each of the signals, udpsrc or appsrc ─► sessionsink.signal_N.
/// The frames of an interlaced video are its fields, also where they are counted.
/// Errors: of the source, the calibration or the storage. A source that fails after its first frame leaves a
/// session of status `interrupted` when `job.run.sourceFault` is kSource.
Result<RunEnd> measure(const MeasureJob& job);

}  // namespace soleus
