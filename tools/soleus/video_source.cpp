#include "tools/soleus/video_source.h"

#include <string>

#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

Error missingElement(const std::string& name) {
  return {ErrorKind::kSource, "GStreamer", "an element is missing", "no '" + name + "'",
          "its plugin to be installed"};
}

GstElement* addElement(GstElement* pipeline, const char* name) {
  GstElement* element = gst_element_factory_make(name, nullptr);
  if (element != nullptr) gst_bin_add(GST_BIN(pipeline), element);
  return element;
}

/// A decoder shows its pads when it has seen the stream: the first raw video is ours.
void linkVideo(GstElement*, GstPad* pad, gpointer data) {
  auto* target = static_cast<GstPad*>(data);
  if (gst_pad_is_linked(target)) return;
  const GstPtr<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
  if (gst_structure_has_name(gst_caps_get_structure(caps.get(), 0), "video/x-raw")) gst_pad_link(pad, target);
}

void linkWhenKnown(GstElement* decoder, GstPad* target) {
  g_signal_connect_data(
      decoder, "pad-added", G_CALLBACK(linkVideo), gst_object_ref(target),
      [](gpointer data, GClosure*) { gst_object_unref(data); }, static_cast<GConnectFlags>(0));
}

/// Only video is decoded: audio is not measured yet, and decoding it would cost time for nothing.
void decodeOnlyVideo(GstElement* decoder) {
  const GstPtr<GstCaps> caps(gst_caps_from_string("video/x-raw(ANY)"));
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

void setLatency(GstElement*, GstElement* source, gpointer latencyMs) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(source), "latency") != nullptr) {
    g_object_set(source, "latency", GPOINTER_TO_INT(latencyMs), nullptr);
  }
}

Status addUri(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  GstElement* decoder = addElement(pipeline, "uridecodebin");
  if (decoder == nullptr) return missingElement("uridecodebin");
  if (source.kind == VideoSource::Kind::kFile) {
    const GChars uri(gst_filename_to_uri(source.location.c_str(), nullptr));
    g_object_set(decoder, "uri", uri.get(), nullptr);
  } else {
    g_object_set(decoder, "uri", source.location.c_str(), nullptr);
    g_signal_connect(decoder, "source-setup", G_CALLBACK(setLatency), GINT_TO_POINTER(source.latencyMs));
  }
  decodeOnlyVideo(decoder);
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
  decodeOnlyVideo(decoder);
  linkWhenKnown(decoder, target);
  gst_element_link_many(grabber, wish, decoder, nullptr);
  return Done{};
}

}  // namespace

Status addVideoSource(GstElement* pipeline, GstPad* target, const VideoSource& source) {
  switch (source.kind) {
    case VideoSource::Kind::kPhantom:
      return addPhantom(pipeline, target, source);
    case VideoSource::Kind::kV4l2:
      return addGrabber(pipeline, target, source);
    case VideoSource::Kind::kFile:
    case VideoSource::Kind::kRtsp:
      return addUri(pipeline, target, source);
  }
  return Done{};
}

}  // namespace soleus
