#include "tools/soleus/pipeline_run.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <sstream>

#include "plugins/common/element_error.h"
#include "tools/soleus/console.h"
#include "tools/soleus/demuxer_hold.h"
#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/video_archive.h"

namespace soleus {
namespace {

using Clock = std::chrono::steady_clock;

// How long the branches may take to write what they hold once the stream has ended.
constexpr std::chrono::seconds kDrainLimit{30};
constexpr GstClockTime kPollInterval = 100 * GST_MSECOND;
// A container may round its duration; a recording that was cut short misses more than this.
constexpr std::uint64_t kMissingEndNs = GST_SECOND;

/// Tells when nothing has moved for too long. The position counts as well as the frames: a long tail of sound
/// brings no frames. It counts looks instead of reading a clock, so that a stopped program is not found
/// guilty.
class Stillness {
 public:
  explicit Stillness(double limitS) : limitS_(limitS) {}

  /// Call once a poll interval; true when nothing moved for the limit.
  bool tooLong(GstElement* pipeline, std::uint64_t frames) {
    gint64 positionNs = 0;
    if (!gst_element_query_position(pipeline, GST_FORMAT_TIME, &positionNs)) positionNs = positionNs_;
    if (frames != frames_ || positionNs != positionNs_) stillS_ = 0;
    frames_ = frames;
    positionNs_ = positionNs;
    stillS_ += static_cast<double>(kPollInterval) / GST_SECOND;
    return stillS_ > limitS_;
  }

 private:
  double limitS_;
  double stillS_ = 0;
  std::uint64_t frames_ = 0;
  gint64 positionNs_ = 0;
};

std::atomic<bool> stopAsked{false};
void askToStop(int) {
  stopAsked = true;
}

/// SIGINT and SIGTERM ask to stop for as long as it lives.
class StopSignals {
 public:
  StopSignals() {
    stopAsked = false;
    struct sigaction action = {};
    action.sa_handler = askToStop;
    sigaction(SIGINT, &action, &oldInt_);
    sigaction(SIGTERM, &action, &oldTerm_);
  }
  ~StopSignals() {
    sigaction(SIGINT, &oldInt_, nullptr);
    sigaction(SIGTERM, &oldTerm_, nullptr);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  struct sigaction oldInt_ = {};
  struct sigaction oldTerm_ = {};
};

/// What the streaming thread tells about the frames that pass; lets none pass after the time limit.
struct Watch {
  GstClockTime limit = GST_CLOCK_TIME_NONE;
  GstSegment segment{};
  std::atomic<std::uint64_t> lastNs{0};       // of the last frame, after the first
  std::atomic<std::uint64_t> endNs{0};        // running time at which the last frame ends
  std::atomic<std::uint64_t> announcedNs{0};  // duration that the source announced; 0 = none
  std::atomic<std::uint64_t> frames{0};
  std::atomic<bool> limitReached{false};
  std::atomic<bool> endAsked{false};    // by us
  std::atomic<bool> endedEarly{false};  // a source that has no end, or a file before its own
  std::atomic<bool> paused{false};      // likewise, but it may come back
  std::atomic<bool> mayPause{false};
  bool endless = false;
  bool wholeFile = false;
  std::function<Status()> beforeFirst;  // called on the streaming thread
  std::atomic<bool> held{false};        // by beforeFirst
  std::function<void()> whenEarly;      // called on the streaming thread, before the end goes on
  GstClockTime first = GST_CLOCK_TIME_NONE;
  GstElement* pipeline = nullptr;
  std::atomic<bool> leaving{false};  // nobody waits for sound any more
};

bool soundFlows(GstElement* pipeline) {
  bool flows = false;
  const std::unique_ptr<GstIterator, decltype(&gst_iterator_free)> sinks(
      gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), "fakesink"), gst_iterator_free);
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(sinks.get(), &item) == GST_ITERATOR_OK) {
    const GstPtr<GstPad> pad(gst_element_get_static_pad(GST_ELEMENT(g_value_get_object(&item)), "sink"));
    // A pad that the timed frames pass on to has no end yet, and neither has sound that still comes.
    if (g_str_has_prefix(GST_OBJECT_NAME(g_value_get_object(&item)), kSoundSink) &&
        !GST_PAD_IS_EOS(pad.get()))
      flows = true;
    g_value_reset(&item);
  }
  g_value_unset(&item);
  return flows;
}

/// Sound that goes on to the announced end shows that the file is whole: only its video ends before. The
/// video's end is held until that is known, because the session closes with it and must say whether it is
/// whole.
bool soundReachesEnd(GstPad* pad, const Watch& watch) {
  constexpr gulong kLookAgainUs = 2000;
  for (;;) {
    const bool flows =
        soundFlows(watch.pipeline);  // asked first: what comes in between counts for the position
    gint64 reachedNs = 0;
    gst_element_query_position(watch.pipeline, GST_FORMAT_TIME, &reachedNs);
    if (static_cast<std::uint64_t>(reachedNs) + kMissingEndNs >= watch.announcedNs) return true;
    if (!flows || watch.leaving || watch.endAsked || stopAsked || GST_PAD_IS_FLUSHING(pad)) return false;
    g_usleep(kLookAgainUs);
  }
}

/// The stream ends by itself: is that too early? A short file may end before it was ever asked for its
/// duration.
void checkEnd(GstPad* pad, Watch& watch) {
  gint64 announcedNs = 0;
  if (watch.announcedNs == 0 && gst_pad_peer_query_duration(pad, GST_FORMAT_TIME, &announcedNs) &&
      announcedNs > 0) {
    watch.announcedNs = static_cast<std::uint64_t>(announcedNs);
  }
  if (!watch.endless && !(watch.wholeFile && watch.endNs + kMissingEndNs < watch.announcedNs)) return;
  if (!watch.endless && soundReachesEnd(pad, watch)) return;
  watch.endedEarly = true;
  if (watch.whenEarly) watch.whenEarly();
}

bool mayBegin(Watch& watch) {
  if (!watch.beforeFirst) return true;
  watch.held = true;
  const Status status = watch.beforeFirst();
  watch.held = false;
  if (!status.ok()) postError(watch.pipeline, status.error());
  return status.ok();
}

GstPadProbeReturn watchFrames(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  Watch& watch = *static_cast<Watch*>(data);
  if ((info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0) {
    GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) gst_event_copy_segment(event, &watch.segment);
    // After the limit we have asked for the end, or are about to.
    if (GST_EVENT_TYPE(event) != GST_EVENT_EOS || watch.endAsked || watch.limitReached)
      return GST_PAD_PROBE_OK;
    if (watch.mayPause && watch.frames > 0) {
      watch.paused = true;
      return GST_PAD_PROBE_DROP;
    }
    checkEnd(pad, watch);
    return GST_PAD_PROBE_OK;
  }
  const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const GstClockTime running =
      gst_segment_to_running_time(&watch.segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(running)) return GST_PAD_PROBE_OK;
  if (!GST_CLOCK_TIME_IS_VALID(watch.first)) {
    watch.first = running;
    if (!mayBegin(watch)) return GST_PAD_PROBE_DROP;
  }
  const GstClockTime sinceFirst = running > watch.first ? running - watch.first : 0;
  if (sinceFirst >= watch.limit) {
    watch.limitReached = true;
    return GST_PAD_PROBE_DROP;
  }
  watch.lastNs = sinceFirst;
  watch.endNs = running + (GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0);
  ++watch.frames;
  return GST_PAD_PROBE_OK;
}

double secondsOf(std::uint64_t ns) {
  return static_cast<double>(ns) * 1e-9;
}

Error nothingCame(const RunOptions& options) {
  std::ostringstream found;
  found << "nothing for " << options.stillLimitS << " s";
  return {options.sourceFault, options.sourceName, "gave nothing more", found.str(),
          "its next frame or its end"};
}

Error stopped(const Watch& watch, const RunOptions& options) {
  return {ErrorKind::kSource, options.sourceName, "stopped sending",
          "its end after " + std::to_string(watch.frames) + " frames", "a stream without end"};
}

Error earlyEnd(const Watch& watch, const RunOptions& options) {
  if (watch.endless) return stopped(watch, options);
  std::ostringstream found;
  found << "frames up to " << secondsOf(watch.endNs) << " s";
  std::ostringstream expected;
  expected << "the " << secondsOf(watch.announcedNs) << " s that it announces";
  return {options.sourceFault, options.sourceName, "is cut short", found.str(), expected.str()};
}

Error errorOf(GstMessage* message, const RunOptions& options) {
  Error error = errorOfMessage(message, options.sourceName, options.sourceFault, options.medium);
  if (!g_str_has_prefix(GST_OBJECT_NAME(GST_MESSAGE_SRC(message)), kArchiveElement) || error.where.empty())
    return error;
  return {ErrorKind::kStorage, "the video's archive", "cannot be written", error.found, {}};
}

}  // namespace

Result<RunEnd> runPipeline(GstElement* pipeline, GstPad* timedPad, const RunOptions& options) {
  Watch watch;
  gst_segment_init(&watch.segment, GST_FORMAT_TIME);
  watch.pipeline = pipeline;
  watch.endless = options.endless;
  watch.wholeFile = options.wholeFile;
  watch.beforeFirst = options.beforeFirst;
  watch.whenEarly = options.beforeKeeping;
  watch.mayPause = options.endless && options.recovery.connect && options.recovery.waitS > 0;
  SourceRecovery recovery(options.recovery, options.sourceName);
  if (options.durationS > 0) watch.limit = static_cast<GstClockTime>(options.durationS * GST_SECOND);
  const gulong probe = gst_pad_add_probe(
      timedPad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      watchFrames, &watch, nullptr);
  holdDemuxers(pipeline);
  const GstPtr<GstBus> bus(gst_element_get_bus(pipeline));
  const StopSignals signals;
  Progress progress;
  Stillness stillness(options.stillLimitS);
  RunEnd end;
  std::optional<Error> failure;
  std::optional<Error> sideFailure;
  std::optional<Clock::time_point> ending;  // since when the end of stream is on its way

  const auto endStream = [&](GstElement* element, GstPad* pad) {
    if (ending) return;
    ending = Clock::now();
    watch.endAsked = true;
    if (pad != nullptr) {
      gst_pad_send_event(pad, gst_event_new_eos());
    } else {
      gst_element_send_event(element, gst_event_new_eos());
    }
  };

  // A source that fails in mid-recording leaves the branches whole: they end and keep what they have.
  const auto keepRest = [&] {
    if (watch.frames == 0 || !options.beforeKeeping) return false;
    options.beforeKeeping();
    endStream(pipeline, timedPad);
    return true;
  };

  bool running = true;
  if (gst_element_set_state(pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) ending = Clock::now();
  while (running) {
    const GstPtr<GstMessage> message(gst_bus_timed_pop_filtered(
        bus.get(), kPollInterval, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    if (message != nullptr && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) {
      running = false;
      if (watch.endedEarly && !failure) failure = earlyEnd(watch, options);
    } else if (message == nullptr) {
      if (!ending && !watch.held && !recovery.waiting() && stillness.tooLong(pipeline, watch.frames)) {
        const Error nothing = nothingCame(options);
        if (!recovery.wait(nothing, watch.frames)) {
          failure = nothing;
          running = keepRest();
        }
      }
    } else if (g_str_has_prefix(GST_OBJECT_NAME(GST_MESSAGE_SRC(message.get())), kSideSource)) {
      if (!sideFailure) {
        sideFailure = errorOfMessage(message.get(), GST_OBJECT_NAME(GST_MESSAGE_SRC(message.get())),
                                     ErrorKind::kSource, "signals");
        report(*sideFailure);
      }
    } else {
      const Error error = errorOf(message.get(), options);
      const bool sourceFailed = !failure && error.kind == ErrorKind::kSource;
      if (!sourceFailed || ending || !recovery.wait(error, watch.frames)) {
        if (!failure) failure = error;
        running = sourceFailed && keepRest();
      }
    }
    if (watch.paused.exchange(false)) static_cast<void>(recovery.wait(stopped(watch, options), watch.frames));
    // What the source would have brought by now counts as recorded time.
    const bool over = recovery.waiting() && options.durationS > 0 &&
                      secondsOf(watch.lastNs) + recovery.lostS() >= options.durationS;
    std::optional<Error> gone = ending ? std::nullopt : recovery.look(watch.frames);
    if (over && recovery.waiting()) gone = recovery.why();
    if (gone && !ending) {
      watch.mayPause = false;
      failure = gone;
      running = keepRest();
    }
    gint64 announcedNs = 0;
    // The latest answer counts: a demuxer may first estimate.
    if (!watch.endedEarly && gst_element_query_duration(pipeline, GST_FORMAT_TIME, &announcedNs) &&
        announcedNs > 0) {
      watch.announcedNs = static_cast<std::uint64_t>(announcedNs);
    }
    progress.show(options.what, secondsOf(watch.lastNs),
                  options.durationS > 0 ? options.durationS : secondsOf(watch.announcedNs));
    if (stopAsked && !end.interrupted) {
      end.interrupted = true;
      if (recovery.waiting() && !ending) {
        failure = recovery.why();
        running = keepRest();
      } else {
        endStream(pipeline, nullptr);
      }
    }
    if (watch.limitReached) endStream(pipeline, nullptr);
    if (ending && Clock::now() - *ending > kDrainLimit) {
      if (!failure)
        failure = Error{options.sourceFault, options.what, "the pipeline did not end in time", "", ""};
      running = false;
    }
  }
  watch.leaving = true;
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_pad_remove_probe(timedPad, probe);
  end.frames = watch.frames;
  end.lastedS = secondsOf(watch.lastNs);
  // A file that gave nothing is no source that failed in mid-recording.
  if (failure && options.wholeFile && end.frames == 0 && failure->kind == ErrorKind::kSource)
    failure->kind = ErrorKind::kBadInput;
  if (failure) return *failure;
  if (sideFailure) return *sideFailure;
  return end;
}

}  // namespace soleus
