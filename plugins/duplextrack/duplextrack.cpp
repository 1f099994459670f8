/**
 * SECTION:element-duplextrack
 * @title: duplextrack
 *
 * Measures blood velocity and the vein's lumen in duplex video. One buffer comes out for each frame that was
 * measured, with the columns that the frame completed; its PTS is the frame's running time, and the source
 * pad has a time segment of its own that begins at 0. At the end of the stream one more buffer brings the
 * columns held back till then.
 *
 * The calibration is read from the file named by #duplextrack:calibration or, without one, taken from a
 * sticky event of the source. The picture must have the size that the calibration names, whatever caps come
 * later.
 *
 * Quality-of-service events from downstream end here: a late display must never make a measurement skip
 * frames. Where frames may be dropped (#duplextrack:overload), each one is counted and posted as a QoS
 * message.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 filesrc location=calf.mkv ! decodebin ! duplextrack calibration=calf.calibration.yaml !
 * sessionsink location=calf.h5
 * ]|
 * |[
 * gst-launch-1.0 duplexsrc scenario=configs/scenarios/rest_only.yaml num-buffers=120 ! duplextrack threads=1
 * ! fakesink
 * ]|
 */
#include "plugins/duplextrack/duplextrack.h"

#include <string>

#include "pipeline/core/measurement_codec.h"
#include "plugins/common/element_error.h"
#include "plugins/common/stream_formats.h"
#include "plugins/duplextrack/track_state.h"
#include "plugins/duplextrack/tracker_properties.h"

GST_DEBUG_CATEGORY_STATIC(duplextrack_debug);
#define GST_CAT_DEFAULT duplextrack_debug

namespace {

using soleus::MiniObject;
using soleus::TrackerSettings;
using State = soleus::TrackState;

// Results that may wait for a slow sink before the input is held back: about a second of video.
constexpr std::size_t kWaitingResults = 32;

}  // namespace

struct SoleusDuplexTrack {
  GstElement parent;
  GstPad* sink;
  GstPad* src;
  State* state;
};
struct SoleusDuplexTrackClass {
  GstElementClass parent_class;
};

G_DEFINE_TYPE(SoleusDuplexTrack, soleus_duplex_track, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(duplextrack, "duplextrack", GST_RANK_NONE, soleus_duplex_track_get_type())

namespace {

SoleusDuplexTrack* self(gpointer object) {
  return static_cast<SoleusDuplexTrack*>(object);
}

TrackerSettings settingsOf(SoleusDuplexTrack* track) {
  GST_OBJECT_LOCK(track);
  TrackerSettings copy = track->state->settings;
  GST_OBJECT_UNLOCK(track);
  return copy;
}

// ---------------------------------------------------------------- input (streaming thread of the sink pad)

/// Called on a worker thread, in order.
void emitResult(State& state, const soleus::FrameResult& result) {
  const auto bytes = soleus::encodeResult(result);
  GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(result.frameTime.ns);
  GST_BUFFER_OFFSET(buffer) = result.sequence;
  state.output.push(MiniObject(GST_MINI_OBJECT_CAST(buffer)));
}

void pushEarly(State& state) {
  for (MiniObject& event : state.early) state.output.push(std::move(event));
  state.early.clear();
}

/// With the first frame: by then a source has sent its calibration.
soleus::Status startTracker(SoleusDuplexTrack* track) {
  State& state = *track->state;
  auto tracker =
      soleus::VideoTracker::start(settingsOf(track), state.streamCalibration, state.counts,
                                  [&state](soleus::FrameResult&& result) { emitResult(state, result); });
  if (!tracker.ok()) return tracker.error();
  state.tracker = std::move(tracker).value();
  GstCaps* caps = soleus::newMeasurementCaps(state.tracker->profile().yaml);
  state.output.push(MiniObject(GST_MINI_OBJECT_CAST(gst_event_new_caps(caps))));
  gst_caps_unref(caps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  state.output.push(MiniObject(GST_MINI_OBJECT_CAST(gst_event_new_segment(&segment))));
  pushEarly(state);
  return soleus::Done{};
}

void postDrop(SoleusDuplexTrack* track, GstBuffer* buffer) {
  const State& state = *track->state;
  const GstClockTime running =
      gst_segment_to_running_time(&state.segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  GstMessage* message = gst_message_new_qos(GST_OBJECT(track), FALSE, running, GST_CLOCK_TIME_NONE,
                                            GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer));
  gst_message_set_qos_stats(message, GST_FORMAT_BUFFERS, state.counts.measured, state.counts.dropped);
  gst_element_post_message(GST_ELEMENT(track), message);
}

GstFlowReturn chain(GstPad*, GstObject* parent, GstBuffer* raw) {
  SoleusDuplexTrack* track = self(parent);
  State& state = *track->state;
  const std::unique_ptr<GstBuffer, decltype(&gst_buffer_unref)> buffer(raw, gst_buffer_unref);
  if (!state.output.waitForRoom(kWaitingResults)) {
    const GstFlowReturn downstream = state.downstream;
    return downstream == GST_FLOW_OK ? GST_FLOW_FLUSHING : downstream;
  }
  if (const GstFlowReturn downstream = state.downstream; downstream != GST_FLOW_OK) {
    state.inputWasTold = true;
    return downstream;
  }
  if (state.failed) return GST_FLOW_ERROR;
  const auto fail = [&](const soleus::Error& error) {
    state.failed = true;
    soleus::postError(GST_ELEMENT(track), error);
    return GST_FLOW_ERROR;
  };
  if (!state.tracker) {
    if (const auto started = startTracker(track); !started.ok()) return fail(started.error());
  }
  const auto outcome = state.tracker->measure(buffer.get(), state.info, state.segment);
  if (!outcome.ok()) return fail(outcome.error());
  using Outcome = soleus::VideoTracker::Outcome;
  if (outcome.value() == Outcome::kStale) {
    GstEvent* loss = soleus::newLossEvent({state.counts.received - 1, "stamp"});
    state.output.push(MiniObject(GST_MINI_OBJECT_CAST(loss)));
  }
  if (outcome.value() == Outcome::kStale || outcome.value() == Outcome::kOverload)
    postDrop(track, buffer.get());
  return GST_FLOW_OK;
}

void forgetStream(State& state) {
  state.tracker.reset();
  state.failed = state.inputWasTold = false;
  // What sticks to a pad outlives a flush.
  std::erase_if(state.early, [](const MiniObject& e) { return !GST_EVENT_IS_STICKY(e.get()); });
  state.counts.received = state.counts.measured = state.counts.dropped = 0;
  gst_segment_init(&state.segment, GST_FORMAT_UNDEFINED);
}

// ---------------------------------------------------------------- events and queries

void pushWhenDone(State& state, GstEvent* event) {
  MiniObject owned(GST_MINI_OBJECT_CAST(event));
  if (state.tracker) {
    state.tracker->drain();
  } else if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) {
    pushEarly(state);
  } else if (GST_EVENT_TYPE(event) != GST_EVENT_STREAM_START) {
    state.early.push_back(std::move(owned));
    return;
  }
  state.output.push(std::move(owned));
}

void outputLoop(gpointer data);

gboolean sinkEvent(GstPad* pad, GstObject* parent, GstEvent* event) {
  SoleusDuplexTrack* track = self(parent);
  State& state = *track->state;
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_FLUSH_START:
      gst_pad_push_event(track->src, event);
      state.downstream = GST_FLOW_FLUSHING;
      state.output.setFlushing(true);
      gst_pad_pause_task(track->src);
      return TRUE;
    case GST_EVENT_FLUSH_STOP:
      gst_pad_push_event(track->src, event);
      forgetStream(state);
      state.downstream = GST_FLOW_OK;
      state.output.setFlushing(false);
      return gst_pad_start_task(track->src, outputLoop, &state, nullptr);
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event, &caps);
      const bool known = gst_video_info_from_caps(&state.info, caps);
      gst_event_unref(event);
      return known;
    }
    case GST_EVENT_SEGMENT: {
      gst_event_copy_segment(event, &state.segment);
      gst_event_unref(event);
      return state.segment.format == GST_FORMAT_TIME;
    }
    case GST_EVENT_GAP: {
      GstClockTime stamp = 0;
      GstClockTime duration = 0;
      gst_event_parse_gap(event, &stamp, &duration);
      gst_event_unref(event);
      const GstClockTime running = gst_segment_to_running_time(&state.segment, GST_FORMAT_TIME, stamp);
      if (state.tracker && GST_CLOCK_TIME_IS_VALID(running))
        pushWhenDone(state, gst_event_new_gap(running, duration));
      return TRUE;
    }
    case GST_EVENT_EOS:
      if (state.tracker) {
        if (const auto done = state.tracker->finish(); !done.ok())
          soleus::postError(GST_ELEMENT(track), done.error());
      }
      pushWhenDone(state, event);
      return TRUE;
    default:
      if (auto yaml = soleus::calibrationOfEvent(event)) {
        state.streamCalibration = std::move(yaml);
        gst_event_unref(event);
        return TRUE;
      }
      if (!GST_EVENT_IS_SERIALIZED(event)) return gst_pad_event_default(pad, parent, event);
      pushWhenDone(state, event);
      return TRUE;
  }
}

gboolean srcEvent(GstPad* pad, GstObject* parent, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_QOS) {
    gst_event_unref(event);
    return TRUE;
  }
  return gst_pad_event_default(pad, parent, event);
}

gboolean srcQuery(GstPad* pad, GstObject* parent, GstQuery* query) {
  SoleusDuplexTrack* track = self(parent);
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(pad, parent, query);
  if (!gst_pad_peer_query(track->sink, query)) return FALSE;
  gboolean live = FALSE;
  GstClockTime min = 0;
  GstClockTime max = 0;
  gst_query_parse_latency(query, &live, &min, &max);
  // A result may come as late as the frames in flight allow; they are what this element can also hold.
  GstCaps* caps = gst_pad_get_current_caps(track->sink);
  if (caps != nullptr) {
    const GstClockTime held = soleus::durationOfFrames(caps, settingsOf(track).framesInFlight);
    gst_caps_unref(caps);
    min += held;
    if (GST_CLOCK_TIME_IS_VALID(max)) max += held;
  }
  gst_query_set_latency(query, live, min, max);
  return TRUE;
}

// ---------------------------------------------------------------- output (task of the source pad)

void outputEvent(SoleusDuplexTrack* track, GstEvent* event) {
  State& state = *track->state;
  const GstFlowReturn flow = state.downstream;
  // A source that has sent its last frame won't hear of these any more, and who caused them says nothing.
  const bool unsaid = flow == GST_FLOW_NOT_LINKED || flow == GST_FLOW_NOT_NEGOTIATED;
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS && unsaid && !state.inputWasTold.exchange(true))
    GST_ELEMENT_FLOW_ERROR(track, flow);
  gst_pad_push_event(track->src, event);
}

void outputLoop(gpointer data) {
  State& state = *static_cast<State*>(data);
  MiniObject item = state.output.pop();
  SoleusDuplexTrack* track = self(state.owner);
  if (!item) {
    gst_pad_pause_task(track->src);
    return;
  }
  if (GST_IS_EVENT(item.get())) return outputEvent(track, GST_EVENT_CAST(item.release()));
  // Results are no longer wanted; the source hears it with its next frame, and its end still passes.
  if (state.downstream != GST_FLOW_OK) return;
  const GstFlowReturn flow = gst_pad_push(track->src, GST_BUFFER_CAST(item.release()));
  if (flow == GST_FLOW_OK) return;
  state.downstream = flow;
  if (flow == GST_FLOW_FLUSHING) {
    state.output.setFlushing(true);
    gst_pad_pause_task(track->src);
  }
}

gboolean activateSrc(GstPad* pad, GstObject* parent, GstPadMode mode, gboolean active) {
  if (mode != GST_PAD_MODE_PUSH) return FALSE;
  State& state = *self(parent)->state;
  if (active) {
    state.downstream = GST_FLOW_OK;
    state.output.setFlushing(false);
    return gst_pad_start_task(pad, outputLoop, &state, nullptr);
  }
  state.downstream = GST_FLOW_FLUSHING;
  state.output.setFlushing(true);
  return gst_pad_stop_task(pad);
}

GstStateChangeReturn changeState(GstElement* element, GstStateChange transition) {
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    forgetStream(*self(element)->state);
    self(element)->state->early.clear();
    self(element)->state->streamCalibration.reset();
  }
  const auto result = GST_ELEMENT_CLASS(soleus_duplex_track_parent_class)->change_state(element, transition);
  // The counters stay readable after a stop; the tracker and its threads go.
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) self(element)->state->tracker.reset();
  return result;
}

// ---------------------------------------------------------------- properties

void setProperty(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = soleus::trackerProperties().set(id, self(object)->state->settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void getProperty(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  SoleusDuplexTrack* track = self(object);
  if (soleus::trackerProperties().get(id, settingsOf(track), value)) return;
  if (soleus::getTrackerCounter(id, track->state->counts, value)) return;
  G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void finalize(GObject* object) {
  delete self(object)->state;
  G_OBJECT_CLASS(soleus_duplex_track_parent_class)->finalize(object);
}

}  // namespace

static void soleus_duplex_track_init(SoleusDuplexTrack* track) {
  track->state = new State(track);
  forgetStream(*track->state);
  auto* klass = GST_ELEMENT_GET_CLASS(track);
  track->sink = gst_pad_new_from_template(gst_element_class_get_pad_template(klass, "sink"), "sink");
  gst_pad_set_chain_function(track->sink, chain);
  gst_pad_set_event_function(track->sink, sinkEvent);
  gst_element_add_pad(GST_ELEMENT(track), track->sink);
  track->src = gst_pad_new_from_template(gst_element_class_get_pad_template(klass, "src"), "src");
  gst_pad_set_event_function(track->src, srcEvent);
  gst_pad_set_query_function(track->src, srcQuery);
  gst_pad_set_activatemode_function(track->src, activateSrc);
  gst_element_add_pad(GST_ELEMENT(track), track->src);
}

static void soleus_duplex_track_class_init(SoleusDuplexTrackClass* klass) {
  GST_DEBUG_CATEGORY_INIT(duplextrack_debug, "duplextrack", 0, "duplex Doppler measurement");
  auto* object = G_OBJECT_CLASS(klass);
  auto* element = GST_ELEMENT_CLASS(klass);
  object->set_property = setProperty;
  object->get_property = getProperty;
  object->finalize = finalize;
  soleus::installTrackerProperties(object);
  gst_type_mark_as_plugin_api(soleus::overloadType(), static_cast<GstPluginAPIFlags>(0));
  gst_element_class_set_static_metadata(
      element, "Duplex Doppler tracker", "Filter/Analyzer/Video",
      "Measures blood velocity and vein diameter in duplex ultrasound video", "The Soleus authors");
  gst_element_class_add_pad_template(
      element, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                                    gst_caps_from_string("video/x-raw, format=(string)" SOLEUS_VIDEO_FORMATS
                                                         ", width=(int)[2,16384], height=(int)[2,16384]")));
  gst_element_class_add_pad_template(element,
                                     gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                                                          gst_caps_from_string(SOLEUS_MEASUREMENT_CAPS)));
  element->change_state = changeState;
}
