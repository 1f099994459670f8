#include "tools/soleus/measure.h"

#include <optional>
#include <utility>

#include "tools/soleus/cue_caller.h"
#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

GstElement* add(GstElement* pipeline, const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (element != nullptr) gst_bin_add(GST_BIN(pipeline), element);
  return element;
}

}  // namespace

Result<RunEnd> measure(const MeasureJob& job) {
  const GstPtr<GstElement> pipeline(gst_pipeline_new("soleus"));
  GstElement* fields = add(pipeline.get(), "deinterlace");
  GstElement* convert = add(pipeline.get(), "videoconvert");
  GstElement* tee = add(pipeline.get(), "tee");
  GstElement* track = add(pipeline.get(), "duplextrack");
  GstElement* sink = add(pipeline.get(), "sessionsink");
  if (fields == nullptr || convert == nullptr || tee == nullptr || track == nullptr || sink == nullptr) {
    return Error{ErrorKind::kSource, "GStreamer", "an element is missing",
                 "no deinterlace, videoconvert, tee, duplextrack or sessionsink",
                 "the plugins that the set-up installs"};
  }
  g_object_set(track, "calibration", job.tracker.calibrationPath.c_str(), "calibration-text",
               job.tracker.calibrationText.c_str(), "estimator", job.tracker.estimator.c_str(), "lumen-point",
               job.tracker.lumenPoint.c_str(), "threads", job.tracker.threads, "frames-in-flight",
               job.tracker.framesInFlight, "frames-at-once", job.tracker.framesAtOnce, "first-look",
               isLive(job.source) ? TRUE : FALSE, "overload", static_cast<int>(job.tracker.overload),
               nullptr);
  g_object_set(sink, "location", job.sessionPath.c_str(), "overwrite", job.overwrite ? TRUE : FALSE,
               "followed", job.followed ? TRUE : FALSE, "title", job.notes.title.c_str(), "subject",
               job.notes.subject.c_str(), "limb", job.notes.limb.c_str(), "condition",
               job.notes.condition.c_str(), nullptr);
  if (job.protocol) g_object_set(sink, "protocol", job.protocol->name.c_str(), nullptr);
  if (job.source.delay)
    g_object_set(sink, "video-delay", job.source.delay->delayS, "delay-uncertainty",
                 job.source.delay->uncertaintyS, nullptr);
  // In the order of their pads: the stamps first, which is done in microseconds; then the archive, whose
  // queue takes the frame at once; then the tracker, which may hold it back.
  gst_element_link_pads(tee, "src_0", sink, "video");
  std::optional<GrowingArchive> archive;
  if (job.archive.codec != ArchiveSettings::Codec::kNone) {
    archive.emplace(job.sessionPath, job.overwrite);
    g_object_set(sink, "archive", archive->fileName().c_str(), nullptr);
    const Status added = addVideoArchive(pipeline.get(), tee, sink, job.archive, isLive(job.source),
                                         job.tracker.calibrationPath, archive->growingPath());
    if (!added.ok()) return added.error();
  }
  gst_element_link_pads(tee, "src_2", track, "sink");
  gst_element_link_pads(track, "src", sink, "measurement");

  // Fields are taken at different times: each becomes a frame with its own, interpolated within the field.
  // Methods that also look at its neighbours hold frames back, and yadif dates them 40 ms off. Video that
  // does not say that it is interlaced passes untouched, as does a format that can't be deinterlaced.
  gst_util_set_object_arg(G_OBJECT(fields), "mode", "auto");
  gst_util_set_object_arg(G_OBJECT(fields), "fields", "all");
  gst_util_set_object_arg(G_OBJECT(fields), "method", "linear");
  // Passes frames on untouched unless their format is one that the tracker can't read, such as 10 bits a
  // sample.
  gst_element_link_many(fields, convert, tee, nullptr);
  const GstPtr<GstPad> entry(gst_element_get_static_pad(fields, "sink"));
  const GstPtr<GstPad> timed(gst_element_get_static_pad(tee, "sink"));
  if (const Status added = addVideoSource(pipeline.get(), entry.get(), job.source); !added.ok())
    return added.error();
  std::vector<std::unique_ptr<SignalCapture>> captures;
  for (const SignalInput& input : job.signals) {
    auto added = addSignalInput(pipeline.get(), sink, input);
    if (!added.ok()) return added.error();
    captures.push_back(std::move(added).value());
  }
  std::unique_ptr<NetworkClock> network;
  if (job.clock.role != NetworkClockSettings::Role::kNone) {
    auto opened = NetworkClock::open(job.clock);
    if (!opened.ok()) return opened.error();
    network = std::move(opened).value();
    gst_pipeline_use_clock(GST_PIPELINE(pipeline.get()), network->clock());
    g_object_set(sink, "network-clock", TRUE, nullptr);
  }
  std::optional<CueCaller> caller;
  if (job.protocol && isLive(job.source))
    caller.emplace(pipeline.get(), sink, *job.protocol, job.source.delay ? job.source.delay->delayS : 0);
  RunOptions options = job.run;
  options.beforeFirst = [&job, &network, &archive, sink]() -> Status {
    const auto text = job.configuration();
    if (!text.ok()) return text.error();
    g_object_set(sink, "configuration", text.value().c_str(), nullptr);
    if (network) g_object_set(sink, "clock-uncertainty", network->uncertaintyS(), nullptr);
    return archive ? archive->place() : Status(Done{});
  };
  if (options.sourceFault == ErrorKind::kSource) {
    options.beforeKeeping = [sink] { g_object_set(sink, "interrupted", TRUE, nullptr); };
  }
  if (job.run.endless) {
    options.recovery.waitS = job.source.reconnectS;
    options.recovery.connect = [&] { return replaceVideoSource(pipeline.get(), entry.get(), job.source); };
  }
  auto end = runPipeline(pipeline.get(), timed.get(), options);
  if (!archive) return end;
  // After a storage error nothing touches the session any more.
  const bool kept = end.ok() ? end.value().frames > 0 : end.error().kind == ErrorKind::kSource;
  const Status sealed = archive->finish(kept);
  if (end.ok() && !sealed.ok()) return sealed.error();
  return end;
}

}  // namespace soleus
