#include "tools/soleus/sound_file.h"

#include <gst/gst.h>

#include <exception>

#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/pipeline_run.h"

namespace soleus {
namespace {

struct Taking {
  const std::function<void(const SoundSamples&)>& take;
  bool any = false;
};

void takeBlock(GstElement* sink, GstBuffer* buffer, GstPad* pad, gpointer data) {
  auto& taking = *static_cast<Taking*>(data);
  const GstPtr<GstCaps> caps(gst_pad_get_current_caps(pad));
  const GstStructure* format = gst_caps_get_structure(caps.get(), 0);
  SoundSamples samples;
  GstMapInfo map;
  if (!gst_structure_get_int(format, "channels", &samples.channels) ||
      !gst_structure_get_int(format, "rate", &samples.rateHz) || samples.channels < 1 ||
      !gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    return;
  }
  samples.values = reinterpret_cast<const float*>(map.data);
  samples.count = map.size / sizeof(float) / static_cast<std::size_t>(samples.channels);
  taking.any = taking.any || samples.count > 0;
  // No exception may cross the C code that called.
  try {
    taking.take(samples);
  } catch (const std::exception& fault) {
    GST_ELEMENT_ERROR(sink, LIBRARY, FAILED, ("%s", fault.what()), (nullptr));
  }
  gst_buffer_unmap(buffer, &map);
}

void linkFirst(GstElement*, GstPad* pad, gpointer data) {
  auto* target = static_cast<GstPad*>(data);
  if (!gst_pad_is_linked(target)) gst_pad_link(pad, target);
}

void refuseWithoutSound(GstElement* decoder, gpointer data) {
  if (gst_pad_is_linked(static_cast<GstPad*>(data))) return;
  GST_ELEMENT_ERROR(decoder, STREAM, WRONG_TYPE, ("no sound"), (nullptr));
}

}  // namespace

Status readSound(const std::string& path, const std::function<void(const SoundSamples&)>& take) {
  const GstPtr<GstElement> pipeline(gst_pipeline_new("sound"));
  const auto add = [&pipeline](const char* factory) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (element != nullptr) gst_bin_add(GST_BIN(pipeline.get()), element);
    return element;
  };
  GstElement* decoder = add("uridecodebin");
  GstElement* places = add("capssetter");
  GstElement* convert = add("audioconvert");
  GstElement* format = add("capsfilter");
  GstElement* sink = add("fakesink");
  if (decoder == nullptr || places == nullptr || convert == nullptr || format == nullptr || sink == nullptr) {
    return Error{ErrorKind::kSource, "GStreamer", "an element is missing",
                 "no uridecodebin, capssetter, audioconvert, capsfilter or fakesink",
                 "GStreamer's base and good plugins"};
  }
  const GChars uri(gst_filename_to_uri(path.c_str(), nullptr));
  const GstPtr<GstCaps> sound(gst_caps_from_string("audio/x-raw"));
  g_object_set(decoder, "uri", uri.get(), "caps", sound.get(), "expose-all-streams", FALSE, nullptr);
  const GstPtr<GstCaps> plain(gst_caps_from_string("audio/x-raw, format=F32LE, layout=interleaved"));
  g_object_set(format, "caps", plain.get(), nullptr);
  g_object_set(sink, "signal-handoffs", TRUE, "sync", FALSE, nullptr);
  // Recorders of three channels and more do not say where their loudspeakers stand, without which GStreamer
  // converts nothing: they stand nowhere.
  const GstPtr<GstCaps> nowhere(gst_caps_from_string("audio/x-raw, channel-mask=(bitmask)0x0"));
  g_object_set(places, "caps", nowhere.get(), nullptr);
  gst_element_link_many(places, convert, format, sink, nullptr);
  const GstPtr<GstPad> entry(gst_element_get_static_pad(places, "sink"));
  g_signal_connect(decoder, "pad-added", G_CALLBACK(linkFirst), entry.get());
  g_signal_connect(decoder, "no-more-pads", G_CALLBACK(refuseWithoutSound), entry.get());
  Taking taking{take};
  g_signal_connect(sink, "handoff", G_CALLBACK(takeBlock), &taking);
  RunOptions options;
  options.what = "listening";
  options.sourceName = path;
  options.medium = "sound";
  const auto end = runPipeline(pipeline.get(), entry.get(), options);
  if (!end.ok()) return end.error();
  if (end.value().interrupted) return Error{ErrorKind::kUsage, path, "was interrupted", "", ""};
  if (!taking.any) return Error{ErrorKind::kBadInput, path, "holds no sound", "no sample", "sound"};
  return Done{};
}

}  // namespace soleus
