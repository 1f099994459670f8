#include "tools/soleus/video_source.h"

#include <string>
#include <utility>
#include <vector>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/frame_times.h"
#include "tools/soleus/dicom_source.h"
#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/pipeline_run.h"

namespace soleus {
namespace {

Error missingElement(const std::string& name) {
  return {ErrorKind::kSource, "GStreamer", "an element is missing", "no '" + name + "'",
          "its plugin to be installed"};
}

// Beginning of the names of a source's elements, by which they are found again.
constexpr const char* kVideoElement = "video-source-";

GstElement* addElement(GstElement* pipeline, const char* name) {
  GstElement* element = gst_element_factory_make(name, (std::string(kVideoElement) + name).c_str());
  if (element != nullptr) gst_bin_add(GST_BIN(pipeline), element);
  return element;
}

/// A decoder shows its pads when it has seen the stream: the first raw video is ours, and sound goes to a
/// sink that only lets its position be asked for.
void linkPad(GstElement* decoder, GstPad* pad, gpointer data) {
  auto* target = static_cast<GstPad*>(data);
  const GstPtr<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
  if (gst_caps_get_size(caps.get()) == 0) return;  // a stream that can take no form at all
  if (gst_structure_has_name(gst_caps_get_structure(caps.get(), 0), "video/x-raw")) {
    if (!gst_pad_is_linked(target) && GST_PAD_LINK_FAILED(gst_pad_link(pad, target)))
      GST_ELEMENT_ERROR(decoder, STREAM, FORMAT, ("its pictures have a form that cannot be converted"),
                        (nullptr));
    return;
  }
  const std::string name = std::string(kSoundSink) + "-" + GST_OBJECT_NAME(pad);  // a name for each pad
  GstElement* sink = gst_element_factory_make("fakesink", name.c_str());
  g_object_set(sink, "sync", FALSE, "async", FALSE, nullptr);
  const GstPtr<GstElement> parent(GST_ELEMENT(gst_object_get_parent(GST_OBJECT(decoder))));
  gst_bin_add(GST_BIN(parent.get()), sink);
  const GstPtr<GstPad> end(gst_element_get_static_pad(sink, "sink"));
  gst_pad_link(pad, end.get());
  gst_element_sync_state_with_parent(sink);
}

/// All pads have been seen: without video nothing would ever end.
void refuseWithoutVideo(GstElement* decoder, gpointer data) {
  if (gst_pad_is_linked(static_cast<GstPad*>(data))) return;
  GST_ELEMENT_ERROR(decoder, STREAM, WRONG_TYPE, ("it holds no video (sound alone)"), (nullptr));
}

void linkWhenKnown(GstElement* decoder, GstPad* target) {
  constexpr GClosureNotify release = [](gpointer pad, GClosure*) { gst_object_unref(pad); };
  g_signal_connect_data(decoder, "no-more-pads", G_CALLBACK(refuseWithoutVideo), gst_object_ref(target),
                        release, static_cast<GConnectFlags>(0));
  g_signal_connect_data(decoder, "pad-added", G_CALLBACK(linkPad), gst_object_ref(target), release,
                        static_cast<GConnectFlags>(0));
}

/// Only video is decoded. Sound of a file is shown where it is parsed; of a live source it is not shown at
/// all, since nothing would end it when the video has ended or failed.
void decodeOnlyVideo(GstElement* decoder, bool showsSound) {
  // Of any memory: decodebin drops a stream whose decoder could also give a form that is not named here, and
  // the decoder then still settles with the conversion on one that both know.
  constexpr const char* kVideo = "video/x-raw(ANY)";
  constexpr const char* kVideoAndSound =
      "video/x-raw(ANY); audio/x-raw; audio/mpeg; audio/x-opus; audio/x-vorbis; audio/x-flac; audio/x-ac3; "
      "audio/x-alaw; audio/x-mulaw";
  const GstPtr<GstCaps> caps(gst_caps_from_string(showsSound ? kVideoAndSound : kVideo));
  g_object_set(decoder, "caps", caps.get(), "expose-all-streams", FALSE, nullptr);
}

Status addPhantom(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  GstElement* phantom = addElement(pipeline, "duplexsrc");
  if (phantom == nullptr) return missingElement("duplexsrc");
  g_object_set(phantom, "scenario", source.location.c_str(), "seed", source.seed, "is-live",
               source.live ? TRUE : FALSE, nullptr);
  const GstPtr<GstPad> out(gst_element_get_static_pad(phantom, "src"));
  gst_pad_link(out.get(), target);
  return Done{};
}

Status addDicom(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  auto file = DicomFile::open(source.location);
  if (!file.ok()) return file.error();
  const DicomDescription& dicom = file.value()->description();
  auto times = frameTimes(dicom.cine, dicom.frames, source.location);
  if (!times.ok()) return times.error();
  GstElement* clip = addDicomSource(pipeline, std::move(file).value(), std::move(times).value());
  if (clip == nullptr) return missingElement("appsrc");
  const GstPtr<GstPad> out(gst_element_get_static_pad(clip, "src"));
  gst_pad_link(out.get(), target);
  return Done{};
}

// Frames that depend on each other leave a decoder of one thread a core waiting for a sixth of the time, and
// measuring waits for it in turn. Each thread holds back a frame, which a live source cannot afford.
constexpr guint kThreadsPerCore = 3;

void decodeOnEveryCore(GstBin*, GstBin*, GstElement* element, gpointer) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), "max-threads") != nullptr)
    g_object_set(element, "max-threads", static_cast<int>(kThreadsPerCore * g_get_num_processors()), nullptr);
}

void setLatency(GstElement*, GstElement* source, gpointer latencyMs) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(source), "latency") != nullptr) {
    g_object_set(source, "latency", GPOINTER_TO_INT(latencyMs), nullptr);
  }
}

Status addUri(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  GstElement* decoder = addElement(pipeline, "uridecodebin");
  if (decoder == nullptr) return missingElement("uridecodebin");
  const bool file = source.kind == VideoSource::Kind::kFile;
  if (file) {
    const GChars uri(gst_filename_to_uri(source.location.c_str(), nullptr));
    g_object_set(decoder, "uri", uri.get(), nullptr);
    g_signal_connect(decoder, "deep-element-added", G_CALLBACK(decodeOnEveryCore), nullptr);
  } else {
    g_object_set(decoder, "uri", source.location.c_str(), nullptr);
    g_signal_connect(decoder, "source-setup", G_CALLBACK(setLatency), GINT_TO_POINTER(source.latencyMs));
  }
  decodeOnlyVideo(decoder, file);
  linkWhenKnown(decoder, target);
  return Done{};
}

/// Grabbers give raw or compressed (MJPEG, H.264) pictures: a decoder takes either.
Status addGrabber(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  GstElement* grabber = addElement(pipeline, "v4l2src");
  if (grabber == nullptr) return missingElement("v4l2src");
  GstElement* wish = addElement(pipeline, "capsfilter");
  GstElement* decoder = addElement(pipeline, "decodebin");
  g_object_set(grabber, "device", source.location.c_str(), nullptr);
  const GstPtr<GstCaps> caps(gst_caps_new_empty());
  for (const char* format : {"video/x-raw", "image/jpeg", "video/x-h264"}) {
    GstStructure* structure = gst_structure_new_empty(format);
    if (source.width > 0) gst_structure_set(structure, "width", G_TYPE_INT, source.width, nullptr);
    if (source.height > 0) gst_structure_set(structure, "height", G_TYPE_INT, source.height, nullptr);
    if (source.framesPerSecond > 0) {
      gst_structure_set(structure, "framerate", GST_TYPE_FRACTION, source.framesPerSecond, 1, nullptr);
    }
    gst_caps_append_structure(caps.get(), structure);
  }
  g_object_set(wish, "caps", caps.get(), nullptr);
  decodeOnlyVideo(decoder, false);
  linkWhenKnown(decoder, target);
  gst_element_link_many(grabber, wish, decoder, nullptr);
  return Done{};
}

std::vector<GstPtr<GstElement>> sourceElements(GstElement* pipeline) {
  std::vector<GstPtr<GstElement>> elements;
  GST_OBJECT_LOCK(pipeline);
  for (GList* item = GST_BIN_CHILDREN(pipeline); item != nullptr; item = item->next) {
    if (g_str_has_prefix(GST_OBJECT_NAME(item->data), kVideoElement))
      elements.emplace_back(GST_ELEMENT(gst_object_ref(item->data)));
  }
  GST_OBJECT_UNLOCK(pipeline);
  return elements;
}

}  // namespace

bool isLive(const VideoSource& source) {
  if (source.kind == VideoSource::Kind::kPhantom) return source.live;
  return source.kind != VideoSource::Kind::kFile;
}

std::string shownLocation(const VideoSource& source) {
  const auto scheme = source.location.find("://");
  const auto at = source.location.find('@');
  const auto slash = scheme == std::string::npos ? scheme : source.location.find('/', scheme + 3);
  if (source.kind != VideoSource::Kind::kRtsp || at == std::string::npos || at > slash)
    return source.location;
  return source.location.substr(0, scheme + 3) + source.location.substr(at + 1);
}

Status addVideoSource(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  switch (source.kind) {
    case VideoSource::Kind::kPhantom:
      return addPhantom(pipeline, target, source);
    case VideoSource::Kind::kV4l2:
      return addGrabber(pipeline, target, source);
    case VideoSource::Kind::kFile:
      return isDicom(source.location) ? addDicom(pipeline, target, source) : addUri(pipeline, target, source);
    case VideoSource::Kind::kRtsp:
      return addUri(pipeline, target, source);
  }
  return Done{};
}

Status replaceVideoSource(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  const auto elements = sourceElements(pipeline);
  for (const auto& element : elements) {
    gst_element_set_locked_state(element.get(), TRUE);
    gst_element_set_state(element.get(), GST_STATE_NULL);
    gst_bin_remove(GST_BIN(pipeline), element.get());
  }
  if (const Status added = addVideoSource(pipeline, target, source); !added.ok()) return added.error();
  for (const auto& element : sourceElements(pipeline)) {
    // In two steps, as a pipeline does that begins: a live source gives its first frame only when it plays,
    // and a decoder that is asked for PLAYING at once would first wait for it.
    const bool started = gst_element_set_state(element.get(), GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE &&
                         gst_element_set_state(element.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
    if (!started) return Error{ErrorKind::kSource, shownLocation(source), "cannot be started again", {}, {}};
  }
  return Done{};
}

}  // namespace soleus
