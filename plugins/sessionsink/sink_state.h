/// What lives in C++ behind the GObject of sessionsink.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "plugins/sessionsink/preroll.h"
#include "plugins/sessionsink/session_recorder.h"
#include "plugins/sessionsink/sink_properties.h"

namespace soleus {

/// State of one request pad; guarded by SinkState::mutex except where only its streaming thread looks.
struct SinkPadState {
  GstPad* pad = nullptr;
  bool video = false;
  bool hasCaps = false;
  bool eos = false;
  GstSegment segment{};                         // streaming thread
  std::optional<std::uint64_t> nextSequence{};  // streaming thread
};

/// `settings` is guarded by the object lock, `preroll` by itself, the rest by `mutex`.
struct SinkState {
  SinkSettings settings;
  Preroll preroll;
  std::mutex mutex;
  std::vector<std::unique_ptr<SinkPadState>> pads;
  std::unique_ptr<SessionRecorder> recorder;
  std::vector<Arrival> early;  // arrived before the last pad had caps
  std::string calibrationYaml;
  std::optional<double> spectralWindowS;
  bool failed = false;
  bool playing = false;
  bool eosPending = false;
};

/// What the session file is made for: the pads that are there, and what their calibration can measure.
/// Errors: no location, a calibration that cannot be read. Call with SinkState::mutex held.
Result<SessionInfo> sessionInfo(const SinkSettings& settings, const SinkState& state);

}  // namespace soleus
