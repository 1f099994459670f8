#include "plugins/sessionsink/sink_recording.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/core/handover.h"
#include "plugins/common/element_error.h"
#include "plugins/sessionsink/sink_arrivals.h"

namespace soleus {
namespace {

// Arrivals kept while another pad still has no caps: some seconds of video. More means that the pad is dead.
constexpr std::size_t kEarlyLimit = 600;

/// Opens the file once every pad has caps. Called with the mutex held.
std::optional<Error> startRecorder(GstElement* element, SinkState& state) {
  GST_OBJECT_LOCK(element);
  const SinkSettings settings = state.settings;
  GST_OBJECT_UNLOCK(element);
  auto info = sessionInfo(settings, state);
  if (!info.ok()) return info.error();
  RecorderOptions options;
  options.overwrite = settings.overwrite;
  options.followed = settings.followed;
  if (settings.beginsAtZero) options.origin = SessionTime{0};
  if (settings.networkClock)
    options.shared = {static_cast<std::int64_t>(gst_element_get_base_time(element)),
                      settings.networkClockUncertaintyS};
  auto recorder = SessionRecorder::start(settings.location, info.value(), options,
                                         [element](const Error& error) { postError(element, error); });
  if (!recorder.ok()) return recorder.error();
  state.recorder = std::move(recorder).value();
  for (auto& arrival : state.early) state.recorder->put(std::move(arrival));
  state.early.clear();
  for (auto& arrival : state.earlySignals.take()) state.recorder->put(std::move(arrival));
  return std::nullopt;
}

/// Signals wait for the other inputs, and may go on for longer than they do.
GstFlowReturn recordSignals(GstElement* element, SinkState& state, const SinkPadState& pad,
                            GstBuffer* buffer) {
  auto arrival = signalOf(pad, buffer);
  const std::scoped_lock lock(state.mutex);
  if (state.failed) return GST_FLOW_ERROR;
  if (!arrival.ok()) return failSink(element, state, arrival.error());
  if (state.closed) return GST_FLOW_EOS;
  if (!arrival.value()) return GST_FLOW_OK;
  if (state.recorder) return state.recorder->put(std::move(*arrival.value())) ? GST_FLOW_OK : GST_FLOW_ERROR;
  state.earlySignals.push(std::move(*arrival.value()));
  const auto leading = leadingInputs(state);
  if (leading.front()->input != SinkInput::kSignal) return GST_FLOW_OK;
  if (!std::all_of(leading.begin(), leading.end(), [](const auto* p) { return p->hasCaps; }))
    return GST_FLOW_OK;
  const auto error = startRecorder(element, state);
  return error ? failSink(element, state, *error) : GST_FLOW_OK;
}

}  // namespace

GstFlowReturn failSink(GstElement* element, SinkState& state, const Error& error) {
  state.failed = true;
  postError(element, error);
  return GST_FLOW_ERROR;
}

GstFlowReturn record(GstElement* element, SinkState& state, Arrival arrival) {
  const std::scoped_lock lock(state.mutex);
  if (state.failed) return GST_FLOW_ERROR;
  if (!state.recorder) {
    const bool ready =
        std::all_of(state.pads.begin(), state.pads.end(), [](const auto& p) { return p->hasCaps; });
    if (!ready) {
      if (state.early.size() >= kEarlyLimit) {
        return failSink(element, state,
                        {ErrorKind::kSource, "sessionsink", "one input never started",
                         std::to_string(kEarlyLimit) + " buffers on the other", "buffers on every pad"});
      }
      state.early.push_back(std::move(arrival));
      return GST_FLOW_OK;
    }
    if (const auto error = startRecorder(element, state)) return failSink(element, state, *error);
  }
  return state.recorder->put(std::move(arrival)) ? GST_FLOW_OK : GST_FLOW_ERROR;
}

GstFlowReturn recordBuffer(GstElement* element, SinkState& state, SinkPadState& pad, GstBuffer* buffer) {
  takeOver(buffer);  // from an appsrc
  if (pad.input == SinkInput::kSignal) return recordSignals(element, state, pad, buffer);
  auto arrival = arrivalOf(pad, buffer);
  if (!arrival.ok()) {
    const std::scoped_lock lock(state.mutex);
    return failSink(element, state, arrival.error());
  }
  return arrival.value() ? record(element, state, std::move(*arrival.value())) : GST_FLOW_OK;
}

bool closeFile(GstElement* element, SinkState& state) {
  if (state.failed) return false;  // the file is closed as interrupted when the pipeline stops
  if (!state.recorder) {
    // One pad may have ended without ever having caps; what the other one brought is kept.
    const auto error = state.early.empty()
                           ? Error{ErrorKind::kBadInput, "sessionsink", "the stream ended without any frame",
                                   "nothing to record", "at least one frame"}
                           : startRecorder(element, state);
    if (error) {
      failSink(element, state, *error);
      return false;
    }
  }
  GST_OBJECT_LOCK(element);
  const bool interrupted = state.settings.interrupted;
  GST_OBJECT_UNLOCK(element);
  state.closed = true;
  return state.recorder->finish(interrupted ? SessionState::kInterrupted : SessionState::kComplete).ok();
}

}  // namespace soleus
