#include "plugins/common/tracker_pads.h"

#include <utility>

#include "pipeline/core/measurement_codec.h"
#include "plugins/common/element_error.h"
#include "plugins/common/stream_formats.h"

namespace soleus {
namespace {

// Results that may wait for a slow sink before the input is held back: about a second of video.
constexpr std::size_t kWaitingResults = 32;

}  // namespace

TrackerPads& TrackerPads::of(GstPad* pad) {
  return *static_cast<TrackerPads*>(gst_pad_get_element_private(pad));
}

void TrackerPads::addPads() {
  auto* klass = GST_ELEMENT_GET_CLASS(element_);
  sink_ = gst_pad_new_from_template(gst_element_class_get_pad_template(klass, "sink"), "sink");
  gst_pad_set_element_private(sink_, this);
  gst_pad_set_chain_function(sink_, chain);
  gst_pad_set_event_function(sink_, sinkEvent);
  gst_element_add_pad(element_, sink_);
  src_ = gst_pad_new_from_template(gst_element_class_get_pad_template(klass, "src"), "src");
  gst_pad_set_element_private(src_, this);
  gst_pad_set_event_function(src_, srcEvent);
  gst_pad_set_query_function(src_, srcQuery);
  gst_pad_set_activatemode_function(src_, activateSrc);
  gst_element_add_pad(element_, src_);
  forgetStream();
}

void TrackerPads::beforeChange(GstStateChange transition) {
  if (transition != GST_STATE_CHANGE_READY_TO_PAUSED) return;
  forgetStream();
  early_.clear();
  streamCalibration_.reset();
}

void TrackerPads::afterChange(GstStateChange transition) {
  // The counters stay readable after a stop; the tracker and its threads go.
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) tracker_.reset();
}

// ---------------------------------------------------------------- input (streaming thread of the sink pad)

/// Called on a worker thread, in order.
void TrackerPads::emitResult(const FrameResult& result) {
  const auto bytes = encodeResult(result);
  GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(result.frameTime.ns);
  GST_BUFFER_OFFSET(buffer) = result.sequence;
  output_.push(MiniObject(GST_MINI_OBJECT_CAST(buffer)));
}

void TrackerPads::pushEarly() {
  for (MiniObject& event : early_) output_.push(std::move(event));
  early_.clear();
}

Status TrackerPads::startTracker() {
  auto tracker =
      makeTracker(streamCalibration_, counts_, [this](FrameResult&& result) { emitResult(result); });
  if (!tracker.ok()) return tracker.error();
  tracker_ = std::move(tracker).value();
  const CalibrationProfile& profile = tracker_->profile();
  GstCaps* caps = newMeasurementCaps(
      profile.yaml, profile.doppler ? profile.doppler->spectralWindowS : std::optional<double>());
  output_.push(MiniObject(GST_MINI_OBJECT_CAST(gst_event_new_caps(caps))));
  gst_caps_unref(caps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  output_.push(MiniObject(GST_MINI_OBJECT_CAST(gst_event_new_segment(&segment))));
  pushEarly();
  return Done{};
}

void TrackerPads::postDrop(GstBuffer* buffer) {
  const GstClockTime running =
      gst_segment_to_running_time(&segment_, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  GstMessage* message = gst_message_new_qos(GST_OBJECT(element_), FALSE, running, GST_CLOCK_TIME_NONE,
                                            GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer));
  gst_message_set_qos_stats(message, GST_FORMAT_BUFFERS, counts_.measured, counts_.dropped);
  gst_element_post_message(element_, message);
}

GstFlowReturn TrackerPads::chain(GstPad* pad, GstObject*, GstBuffer* raw) {
  const std::unique_ptr<GstBuffer, decltype(&gst_buffer_unref)> buffer(raw, gst_buffer_unref);
  return of(pad).take(buffer.get());
}

GstFlowReturn TrackerPads::take(GstBuffer* buffer) {
  if (!output_.waitForRoom(kWaitingResults)) {
    const GstFlowReturn downstream = downstream_;
    return downstream == GST_FLOW_OK ? GST_FLOW_FLUSHING : downstream;
  }
  if (const GstFlowReturn downstream = downstream_; downstream != GST_FLOW_OK) {
    inputWasTold_ = true;
    return downstream;
  }
  if (failed_) return GST_FLOW_ERROR;
  const auto fail = [&](const Error& error) {
    failed_ = true;
    postError(element_, error);
    return GST_FLOW_ERROR;
  };
  if (!tracker_) {
    if (const auto started = startTracker(); !started.ok()) return fail(started.error());
  }
  const auto outcome = tracker_->measure(buffer, segment_);
  if (!outcome.ok()) return fail(outcome.error());
  using Outcome = StreamTracker::Outcome;
  if (outcome.value() == Outcome::kStale) {
    GstEvent* loss = newLossEvent({counts_.received - 1, "stamp"});
    output_.push(MiniObject(GST_MINI_OBJECT_CAST(loss)));
  }
  if (outcome.value() == Outcome::kStale || outcome.value() == Outcome::kOverload) postDrop(buffer);
  return GST_FLOW_OK;
}

void TrackerPads::forgetStream() {
  tracker_.reset();
  failed_ = inputWasTold_ = false;
  // What sticks to a pad outlives a flush.
  std::erase_if(early_, [](const MiniObject& e) { return !GST_EVENT_IS_STICKY(e.get()); });
  counts_.received = counts_.measured = counts_.dropped = 0;
  gst_segment_init(&segment_, GST_FORMAT_UNDEFINED);
}

// ---------------------------------------------------------------- events and queries

void TrackerPads::pushWhenDone(GstEvent* event) {
  MiniObject owned(GST_MINI_OBJECT_CAST(event));
  if (tracker_) {
    tracker_->drain();
  } else if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) {
    pushEarly();
  } else if (GST_EVENT_TYPE(event) != GST_EVENT_STREAM_START) {
    early_.push_back(std::move(owned));
    return;
  }
  output_.push(std::move(owned));
}

gboolean TrackerPads::sinkEvent(GstPad* pad, GstObject* parent, GstEvent* event) {
  return of(pad).takeEvent(pad, parent, event);
}

gboolean TrackerPads::takeEvent(GstPad* pad, GstObject* parent, GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_FLUSH_START:
      gst_pad_push_event(src_, event);
      downstream_ = GST_FLOW_FLUSHING;
      output_.setFlushing(true);
      gst_pad_pause_task(src_);
      return TRUE;
    case GST_EVENT_FLUSH_STOP:
      gst_pad_push_event(src_, event);
      forgetStream();
      downstream_ = GST_FLOW_OK;
      output_.setFlushing(false);
      return gst_pad_start_task(src_, outputLoop, this, nullptr);
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event, &caps);
      const bool known = takeCaps(caps);
      gst_event_unref(event);
      return known;
    }
    case GST_EVENT_SEGMENT: {
      gst_event_copy_segment(event, &segment_);
      gst_event_unref(event);
      return segment_.format == GST_FORMAT_TIME;
    }
    case GST_EVENT_GAP: {
      GstClockTime stamp = 0;
      GstClockTime duration = 0;
      gst_event_parse_gap(event, &stamp, &duration);
      gst_event_unref(event);
      const GstClockTime running = gst_segment_to_running_time(&segment_, GST_FORMAT_TIME, stamp);
      if (tracker_ && GST_CLOCK_TIME_IS_VALID(running)) pushWhenDone(gst_event_new_gap(running, duration));
      return TRUE;
    }
    case GST_EVENT_EOS:
      // After a fault what was held back is no measurement of a whole stream: the end passes on alone.
      if (tracker_ && !failed_) {
        if (const auto done = tracker_->finish(); !done.ok()) postError(element_, done.error());
      }
      pushWhenDone(event);
      return TRUE;
    default:
      if (auto yaml = calibrationOfEvent(event)) {
        streamCalibration_ = std::move(yaml);
        gst_event_unref(event);
        return TRUE;
      }
      if (!GST_EVENT_IS_SERIALIZED(event)) return gst_pad_event_default(pad, parent, event);
      pushWhenDone(event);
      return TRUE;
  }
}

gboolean TrackerPads::srcEvent(GstPad* pad, GstObject* parent, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_QOS) {
    gst_event_unref(event);
    return TRUE;
  }
  return gst_pad_event_default(pad, parent, event);
}

gboolean TrackerPads::srcQuery(GstPad* pad, GstObject* parent, GstQuery* query) {
  const TrackerPads& pads = of(pad);
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(pad, parent, query);
  if (!gst_pad_peer_query(pads.sink_, query)) return FALSE;
  gboolean live = FALSE;
  GstClockTime min = 0;
  GstClockTime max = 0;
  gst_query_parse_latency(query, &live, &min, &max);
  // A result may come as late as the frames in flight allow; they are what this element can also hold.
  GstCaps* caps = gst_pad_get_current_caps(pads.sink_);
  if (caps != nullptr) {
    const GstClockTime held = pads.heldBack(caps);
    gst_caps_unref(caps);
    min += held;
    if (GST_CLOCK_TIME_IS_VALID(max)) max += held;
  }
  gst_query_set_latency(query, live, min, max);
  return TRUE;
}

// ---------------------------------------------------------------- output (task of the source pad)

void TrackerPads::outputEvent(GstEvent* event) {
  const GstFlowReturn flow = downstream_;
  // A source that has sent its last frame won't hear of these any more, and who caused them says nothing.
  const bool unsaid = flow == GST_FLOW_NOT_LINKED || flow == GST_FLOW_NOT_NEGOTIATED;
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS && unsaid && !inputWasTold_.exchange(true))
    GST_ELEMENT_FLOW_ERROR(element_, flow);
  gst_pad_push_event(src_, event);
}

void TrackerPads::outputLoop(gpointer data) {
  TrackerPads& pads = *static_cast<TrackerPads*>(data);
  MiniObject item = pads.output_.pop();
  if (!item) {
    gst_pad_pause_task(pads.src_);
    return;
  }
  if (GST_IS_EVENT(item.get())) return pads.outputEvent(GST_EVENT_CAST(item.release()));
  // Results are no longer wanted; the source hears it with its next frame, and its end still passes.
  if (pads.downstream_ != GST_FLOW_OK) return;
  const GstFlowReturn flow = gst_pad_push(pads.src_, GST_BUFFER_CAST(item.release()));
  if (flow == GST_FLOW_OK) return;
  pads.downstream_ = flow;
  if (flow == GST_FLOW_FLUSHING) {
    pads.output_.setFlushing(true);
    gst_pad_pause_task(pads.src_);
  }
}

gboolean TrackerPads::activateSrc(GstPad* pad, GstObject*, GstPadMode mode, gboolean active) {
  if (mode != GST_PAD_MODE_PUSH) return FALSE;
  TrackerPads& pads = of(pad);
  if (active) {
    pads.downstream_ = GST_FLOW_OK;
    pads.output_.setFlushing(false);
    return gst_pad_start_task(pad, outputLoop, &pads, nullptr);
  }
  pads.downstream_ = GST_FLOW_FLUSHING;
  pads.output_.setFlushing(true);
  return gst_pad_stop_task(pad);
}

}  // namespace soleus
