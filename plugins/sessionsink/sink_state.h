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
#include "pipeline/core/signal.h"
#include "plugins/sessionsink/preroll.h"
#include "plugins/sessionsink/session_recorder.h"
#include "plugins/sessionsink/sink_properties.h"

namespace soleus {

enum class SinkInput { kVideo, kMeasurement, kArchive, kSignal };

/// State of one request pad; guarded by SinkState::mutex except where only its streaming thread looks.
struct SinkPadState {
  GstPad* pad = nullptr;
  SinkInput input = SinkInput::kMeasurement;
  bool hasCaps = false;
  bool eos = false;
  GstSegment segment{};                         // streaming thread
  std::optional<std::uint64_t> nextSequence{};  // streaming thread
  std::uint64_t firstNumber = 0;                // streaming thread: of what the source counts as 0
  std::optional<SignalSource> signal{};         // of its caps
};

/// `settings` is guarded by the object lock, `preroll` by itself, the rest by `mutex`.
struct SinkState {
  SinkSettings settings;
  Preroll preroll;
  std::mutex mutex;
  std::vector<std::unique_ptr<SinkPadState>> pads;
  std::unique_ptr<SessionRecorder> recorder;
  std::vector<Arrival> early;  // arrived before the last pad had caps
  SignalQueue earlySignals;    // likewise
  int signalPads = 0;          // requested so far
  std::string calibrationYaml;
  std::optional<double> spectralWindowS;
  bool failed = false;
  bool closed = false;  // the file, at the end of the inputs
  bool playing = false;
  bool eosPending = false;
};

/// The inputs whose end is that of the session: all but the signals, or those if there is nothing else.
std::vector<const SinkPadState*> leadingInputs(const SinkState& state);

/// What the session file is made for: the pads that are there, and what their calibration can measure.
/// Errors: no location, a calibration that cannot be read. Call with SinkState::mutex held.
Result<SessionInfo> sessionInfo(const SinkSettings& settings, const SinkState& state);

}  // namespace soleus
