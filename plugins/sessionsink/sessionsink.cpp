/**
 * SECTION:element-sessionsink
 * @title: sessionsink
 *
 * Writes a session file (HDF5, schema soleus.session/1). The request pad `measurement` takes the buffers of
 * `duplextrack`; the request pad `video` takes the same video and keeps the time stamps and the losses of its
 * frames; the request pad `archive`, which needs `video`, takes what of it goes on into an archive, and
 * counts what does not; each request pad `signal_%u` takes what a measuring board sends (EMG, force, ...), as
 * its caps say, with its arrival as the buffers' time stamps, as `udpsrc` gives them. The file is made when
 * every requested pad has caps, so a source that never starts leaves no file behind, and ends with video and
 * measurement.
 *
 * The action signal `add-cue` (running time in ns as guint64, text) writes an event of the kind `cue`: what a
 * participant was asked to do at that moment.
 *
 * It takes buffers as they come and never waits for the clock. Its end-of-stream message follows the closed
 * file.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 duplexsrc scenario=configs/scenarios/calf_raises.yaml num-buffers=300 ! tee name=t !
 * duplextrack ! sessionsink name=s location=both.h5 subject=P01 limb=left t. ! s.video
 * ]|
 */
#include "plugins/sessionsink/sessionsink.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/common/signal_caps.h"
#include "plugins/common/stream_formats.h"
#include "plugins/sessionsink/session_recorder.h"
#include "plugins/sessionsink/sink_arrivals.h"
#include "plugins/sessionsink/sink_recording.h"
#include "plugins/sessionsink/sink_state.h"

GST_DEBUG_CATEGORY_STATIC(sessionsink_debug);
#define GST_CAT_DEFAULT sessionsink_debug

namespace {

using soleus::Error;
using soleus::ErrorKind;
using soleus::SinkInput;
using PadState = soleus::SinkPadState;
using State = soleus::SinkState;

constexpr const char* kSignalPads = "signal_%u";

}  // namespace

struct SoleusSessionSink {
  GstElement parent;
  State* state;
};
struct SoleusSessionSinkClass {
  GstElementClass parent_class;
};

G_DEFINE_TYPE(SoleusSessionSink, soleus_session_sink, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(sessionsink, "sessionsink", GST_RANK_NONE, soleus_session_sink_get_type())

namespace {

SoleusSessionSink* self(gpointer object) {
  return static_cast<SoleusSessionSink*>(object);
}

PadState& padState(GstPad* pad) {
  return *static_cast<PadState*>(gst_pad_get_element_private(pad));
}

/// An end of stream that came earlier is posted now: a bin forgets those from before PLAYING.
void nowPlaying(SoleusSessionSink* sink) {
  State& state = *sink->state;
  bool post = false;
  {
    const std::scoped_lock lock(state.mutex);
    state.playing = true;
    post = std::exchange(state.eosPending, false);
  }
  if (post) gst_element_post_message(GST_ELEMENT(sink), gst_message_new_eos(GST_OBJECT(sink)));
}

void endPreroll(SoleusSessionSink* sink, const PadState& pad) {
  {
    const std::scoped_lock lock(sink->state->mutex);
    const auto leading = soleus::leadingInputs(*sink->state);
    if (std::find(leading.begin(), leading.end(), &pad) == leading.end()) return;
  }
  if (sink->state->preroll.end(GST_ELEMENT(sink))) nowPlaying(sink);
}

GstFlowReturn chain(GstPad* pad, GstObject* parent, GstBuffer* raw) {
  const std::unique_ptr<GstBuffer, decltype(&gst_buffer_unref)> buffer(raw, gst_buffer_unref);
  PadState& state = padState(pad);
  endPreroll(self(parent), state);
  return soleus::recordBuffer(GST_ELEMENT(parent), *self(parent)->state, state, buffer.get());
}

/// Closes the file as soon as every pad has ended; the message waits for PLAYING.
void endOfPad(SoleusSessionSink* sink, PadState& pad) {
  State& state = *sink->state;
  bool post = false;
  {
    const std::scoped_lock lock(state.mutex);
    pad.eos = true;
    const auto leading = soleus::leadingInputs(state);
    if (state.closed || !std::all_of(leading.begin(), leading.end(), [](const auto* p) { return p->eos; }))
      return;
    if (!soleus::closeFile(GST_ELEMENT(sink), *sink->state)) return;
    state.eosPending = !state.playing;
    post = state.playing;
  }
  if (post) gst_element_post_message(GST_ELEMENT(sink), gst_message_new_eos(GST_OBJECT(sink)));
}

/// The clock of a session only goes on: what has been written cannot be taken back by a seek.
void flushed(SoleusSessionSink* sink, PadState& pad) {
  State& state = *sink->state;
  const std::scoped_lock lock(state.mutex);
  pad.eos = false;
  pad.nextSequence.reset();
  pad.firstNumber = 0;
  gst_segment_init(&pad.segment, GST_FORMAT_TIME);
  if (pad.input == SinkInput::kSignal) {
    (void)state.earlySignals.take();
  } else {
    std::erase_if(state.early,
                  [&](const soleus::Arrival& early) { return soleus::inputOf(early) == pad.input; });
  }
  if (!state.recorder || state.failed) return;
  soleus::failSink(GST_ELEMENT(sink), *sink->state,
                   {ErrorKind::kBadInput, "sessionsink", "a recording cannot be rewound",
                    "a flush in mid-stream", "seeking before the first frame only"});
}

gboolean sinkEvent(GstPad* pad, GstObject* parent, GstEvent* raw) {
  const std::unique_ptr<GstEvent, decltype(&gst_event_unref)> event(raw, gst_event_unref);
  SoleusSessionSink* sink = self(parent);
  PadState& state = padState(pad);
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event.get(), &caps);
      const std::scoped_lock lock(sink->state->mutex);
      state.hasCaps = true;
      if (state.input == SinkInput::kVideo || state.input == SinkInput::kArchive) return TRUE;
      if (state.input == SinkInput::kSignal) {
        auto signal = soleus::signalOfCaps(caps);
        if (!signal.ok())
          return soleus::failSink(GST_ELEMENT(sink), *sink->state, signal.error()) == GST_FLOW_OK;
        if (sink->state->recorder && !(state.signal && *state.signal == signal.value()))
          return soleus::failSink(GST_ELEMENT(sink), *sink->state,
                                  {ErrorKind::kBadInput, "sessionsink", "signals changed in mid-recording",
                                   signal.value().stream, "the same stream and channels to the end"}) ==
                 GST_FLOW_OK;
        state.signal = std::move(signal).value();
        return TRUE;
      }
      sink->state->calibrationYaml = soleus::calibrationOfCaps(caps).value_or("");
      sink->state->spectralWindowS = soleus::spectralWindowOfCaps(caps);
      return TRUE;
    }
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment(event.get(), &state.segment);
      return TRUE;
    case GST_EVENT_EOS:
      endPreroll(sink, state);
      endOfPad(sink, state);
      return TRUE;
    case GST_EVENT_GAP:
      endPreroll(sink, state);
      return TRUE;
    case GST_EVENT_FLUSH_STOP:
      flushed(sink, state);
      return TRUE;
    default:
      // A video without measurements still says how it could be measured; else the tracker's caps do.
      if (const auto yaml = soleus::calibrationOfEvent(event.get())) {
        const std::scoped_lock lock(sink->state->mutex);
        if (sink->state->calibrationYaml.empty()) sink->state->calibrationYaml = *yaml;
      }
      if (auto loss = soleus::lossOfEvent(event.get()))
        return soleus::record(GST_ELEMENT(sink), *sink->state,
                              soleus::LossArrival{loss->sequence, std::move(loss->cause)}) == GST_FLOW_OK;
      return TRUE;
  }
}

// ---------------------------------------------------------------- pads and states

GstPad* requestPad(GstElement* element, GstPadTemplate* request, const gchar*, const GstCaps*) {
  SoleusSessionSink* sink = self(element);
  std::string name = GST_PAD_TEMPLATE_NAME_TEMPLATE(request);
  auto state = std::make_unique<PadState>();
  state->input = name == soleus::kVideoStream     ? SinkInput::kVideo
                 : name == soleus::kArchiveStream ? SinkInput::kArchive
                 : name == kSignalPads            ? SinkInput::kSignal
                                                  : SinkInput::kMeasurement;
  gst_segment_init(&state->segment, GST_FORMAT_TIME);
  if (state->input == SinkInput::kSignal) {
    const std::scoped_lock lock(sink->state->mutex);
    name = "signal_" + std::to_string(sink->state->signalPads++);
  }
  GstPad* pad = gst_pad_new_from_template(request, name.c_str());
  state->pad = pad;
  gst_pad_set_element_private(pad, state.get());
  gst_pad_set_chain_function(pad, chain);
  gst_pad_set_event_function(pad, sinkEvent);
  {
    const std::scoped_lock lock(sink->state->mutex);
    const bool twice = std::any_of(sink->state->pads.begin(), sink->state->pads.end(),
                                   [&](const auto& p) { return p->input == state->input; }) &&
                       state->input != SinkInput::kSignal;
    if (sink->state->recorder || twice) {
      GST_WARNING_OBJECT(sink, "one input of each kind, and none once the session file is open");
      gst_object_unref(pad);
      return nullptr;
    }
    sink->state->pads.push_back(std::move(state));
  }
  gst_pad_set_active(pad, TRUE);
  gst_element_add_pad(element, pad);
  return pad;
}

void releasePad(GstElement* element, GstPad* pad) {
  gst_pad_set_active(pad, FALSE);
  {
    State& state = *self(element)->state;
    const std::scoped_lock lock(state.mutex);
    std::erase_if(state.pads, [&](const auto& p) { return p->pad == pad; });
  }
  gst_element_remove_pad(element, pad);
}

void forgetSession(State& state) {
  const std::scoped_lock lock(state.mutex);
  state.recorder.reset();  // a session that was not finished is closed as interrupted
  state.early.clear();
  (void)state.earlySignals.take();
  state.calibrationYaml.clear();
  state.spectralWindowS.reset();
  state.failed = state.closed = state.playing = state.eosPending = false;
  for (auto& pad : state.pads) {
    pad->hasCaps = pad->eos = false;
    pad->nextSequence.reset();
    pad->firstNumber = 0;
    pad->signal.reset();
    gst_segment_init(&pad->segment, GST_FORMAT_TIME);
  }
}

GstStateChangeReturn changeState(GstElement* element, GstStateChange transition) {
  State& state = *self(element)->state;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) forgetSession(state);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) state.preroll.abandon();
  const auto result = GST_ELEMENT_CLASS(soleus_session_sink_parent_class)->change_state(element, transition);
  if (result == GST_STATE_CHANGE_FAILURE) return result;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    state.preroll.begin(element);
    return GST_STATE_CHANGE_ASYNC;
  }
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING) {
    if (state.preroll.pending()) return GST_STATE_CHANGE_ASYNC;
    nowPlaying(self(element));
  } else if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED) {
    const std::scoped_lock lock(state.mutex);
    state.playing = false;
  } else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    forgetSession(state);
  }
  return result;
}

// ---------------------------------------------------------------- properties

void setProperty(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = soleus::sinkProperties().set(id, self(object)->state->settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void getProperty(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = soleus::sinkProperties().get(id, self(object)->state->settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

/// Once the file is closed nobody asks any more.
void addCue(SoleusSessionSink* sink, guint64 runningNs, const gchar* text) {
  const soleus::SessionTime running{static_cast<std::int64_t>(runningNs)};
  (void)soleus::record(GST_ELEMENT(sink), *sink->state,
                       soleus::CueArrival{running, text == nullptr ? "" : text});
}

void finalize(GObject* object) {
  delete self(object)->state;
  G_OBJECT_CLASS(soleus_session_sink_parent_class)->finalize(object);
}

}  // namespace

static void soleus_session_sink_init(SoleusSessionSink* sink) {
  sink->state = new State;
  GST_OBJECT_FLAG_SET(sink, GST_ELEMENT_FLAG_SINK);
}

static void soleus_session_sink_class_init(SoleusSessionSinkClass* klass) {
  GST_DEBUG_CATEGORY_INIT(sessionsink_debug, "sessionsink", 0, "session file writer");
  auto* object = G_OBJECT_CLASS(klass);
  auto* element = GST_ELEMENT_CLASS(klass);
  object->set_property = setProperty;
  object->get_property = getProperty;
  object->finalize = finalize;
  soleus::sinkProperties().install(object);
  g_signal_new_class_handler(
      "add-cue", G_TYPE_FROM_CLASS(klass), static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
      G_CALLBACK(addCue), nullptr, nullptr, nullptr, G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_STRING);
  gst_element_class_set_static_metadata(element, "Session file sink", "Sink/File",
                                        "Writes synchronised measurements into an HDF5 session file",
                                        "The Soleus authors");
  gst_element_class_add_pad_template(
      element, gst_pad_template_new(soleus::kMeasurementStream, GST_PAD_SINK, GST_PAD_REQUEST,
                                    gst_caps_from_string(SOLEUS_MEASUREMENT_CAPS)));
  gst_element_class_add_pad_template(element,
                                     gst_pad_template_new(soleus::kVideoStream, GST_PAD_SINK, GST_PAD_REQUEST,
                                                          gst_caps_from_string("video/x-raw(ANY)")));
  gst_element_class_add_pad_template(
      element, gst_pad_template_new(soleus::kArchiveStream, GST_PAD_SINK, GST_PAD_REQUEST,
                                    gst_caps_from_string("video/x-raw(ANY)")));
  gst_element_class_add_pad_template(element, gst_pad_template_new(kSignalPads, GST_PAD_SINK, GST_PAD_REQUEST,
                                                                   gst_caps_from_string(SOLEUS_SIGNAL_CAPS)));
  element->request_new_pad = requestPad;
  element->release_pad = releasePad;
  element->change_state = changeState;
}
