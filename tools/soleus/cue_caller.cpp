#include "tools/soleus/cue_caller.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "plugins/sessionsink/stream_names.h"
#include "tools/report/number_text.h"
#include "tools/soleus/console.h"
#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

std::string seconds(double s) {
  return plainNumber(s, s == static_cast<int>(s) ? 0 : 1) + " s";
}

}  // namespace

std::vector<SpokenLine> spokenLines(const Protocol& protocol) {
  const ProtocolInForce fromZero{protocol, 0};
  const std::vector<Event> cues = cueEvents(fromZero);
  const std::string first = cues.empty() ? "rest for " + seconds(endOfProtocolS(fromZero))
                                         : "rest: the first cue in " + seconds(protocol.restBeforeS);
  std::vector<SpokenLine> lines{
      {0, protocol.title + ". " + protocol.posture + ". " + protocol.instruction + " Now " + first, ""}};
  for (std::size_t i = 0; i < cues.size(); ++i) {
    std::string line = cues[i].label;
    if (protocol.cues->holdS > 0)
      line.append(" (hold for ").append(seconds(protocol.cues->holdS)).append(")");
    line += i + 1 < cues.size() ? " - the next in " + seconds(protocol.cues->intervalS)
                                : " - the last; then rest for " + seconds(protocol.restAfterS);
    lines.push_back({cues[i].time.ns, line, cues[i].label});
  }
  lines.push_back({SessionTime::fromSeconds(endOfProtocolS(fromZero)).ns,
                   "The protocol is over; Ctrl-C ends the recording.", ""});
  return lines;
}

CueCaller::CueCaller(GstElement* pipeline, GstElement* sink, const Protocol& protocol, double videoDelayS)
    : pipeline_(pipeline),
      sink_(sink),
      lines_(spokenLines(protocol)),
      videoDelayNs_(Span::fromSeconds(videoDelayS).ns),
      pad_(gst_element_get_static_pad(sink, kVideoStream)) {
  probe_ = gst_pad_add_probe(pad_, GST_PAD_PROBE_TYPE_BUFFER, firstFrame, this, nullptr);
}

CueCaller::~CueCaller() {
  gst_pad_remove_probe(pad_, probe_);
  gst_object_unref(pad_);
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    if (waiting_ != nullptr) gst_clock_id_unschedule(waiting_);
  }
  if (thread_.joinable()) thread_.join();
}

/// On the streaming thread. The probe stays: only the destructor may remove what it knows the number of.
GstPadProbeReturn CueCaller::firstFrame(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto& caller = *static_cast<CueCaller*>(self);
  const std::scoped_lock lock(caller.mutex_);
  if (caller.ended_ || caller.thread_.joinable()) return GST_PAD_PROBE_OK;
  const GstPtr<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (event == nullptr) return GST_PAD_PROBE_OK;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  const GstClockTime running =
      gst_segment_to_running_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)));
  if (!GST_CLOCK_TIME_IS_VALID(running)) return GST_PAD_PROBE_OK;
  caller.thread_ =
      std::thread(&CueCaller::run, &caller, static_cast<std::int64_t>(running) - caller.videoDelayNs_);
  pthread_setname_np(caller.thread_.native_handle(), "cues");
  return GST_PAD_PROBE_OK;
}

/// False if the recording ended meanwhile.
bool CueCaller::waitUntil(GstClock* clock, GstClockTime time) {
  GstClockID moment = gst_clock_new_single_shot_id(clock, time);
  bool goOn = false;
  {
    const std::scoped_lock lock(mutex_);
    goOn = !ended_;
    waiting_ = moment;
  }
  if (goOn) gst_clock_id_wait(moment, nullptr);
  const std::scoped_lock lock(mutex_);
  waiting_ = nullptr;
  gst_clock_id_unref(moment);
  return !ended_;
}

/// `zeroNs`: running time of session time 0.
void CueCaller::run(std::int64_t zeroNs) {
  const GstPtr<GstClock> clock(gst_element_get_clock(pipeline_));
  if (clock == nullptr) return;  // it has stopped already
  const auto baseNs = static_cast<std::int64_t>(gst_element_get_base_time(pipeline_));
  for (const SpokenLine& spoken : lines_) {
    const std::int64_t dueNs = baseNs + zeroNs + spoken.timeNs;
    if (!waitUntil(clock.get(), static_cast<GstClockTime>(std::max<std::int64_t>(dueNs, 0)))) return;
    say(spoken.line, !spoken.label.empty());
    if (spoken.label.empty()) continue;
    // As it was given, not as it was due: what a busy computer delays the report shows.
    const auto givenNs = static_cast<std::int64_t>(gst_clock_get_time(clock.get())) - baseNs;
    g_signal_emit_by_name(sink_, "add-cue", static_cast<guint64>(std::max<std::int64_t>(givenNs, 0)),
                          spoken.label.c_str());
  }
}

}  // namespace soleus
