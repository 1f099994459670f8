#include "tools/soleus/measure_sound.h"

#include <sstream>
#include <utility>

#include "plugins/common/stream_formats.h"
#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/iq_sound.h"

namespace soleus {
namespace {

// Left and right, or I and Q: mixing more channels down would be a measurement of something else.
constexpr int kMostChannels = 2;

void linkSound(GstElement* decoder, GstPad* pad, gpointer data) {
  auto* target = static_cast<GstPad*>(data);
  if (gst_pad_is_linked(target)) return;
  const GstPtr<GstCaps> caps(gst_pad_query_caps(pad, nullptr));
  gint channels = 0;
  gst_structure_get_int(gst_caps_get_structure(caps.get(), 0), "channels", &channels);
  if (channels > kMostChannels) {
    GST_ELEMENT_ERROR(decoder, STREAM, WRONG_TYPE, ("%d channels", channels), (nullptr));
    return;
  }
  gst_pad_link(pad, target);
}

void refuseWithoutSound(GstElement* decoder, gpointer data) {
  if (gst_pad_is_linked(static_cast<GstPad*>(data))) return;
  GST_ELEMENT_ERROR(decoder, STREAM, WRONG_TYPE, ("no sound"), (nullptr));
}

Error missingElement(const std::string& name) {
  return {ErrorKind::kSource, "GStreamer", "an element is missing", "no " + name, "GStreamer's base plugins"};
}

/// `entry` is borrowed for the run.
bool addDecoder(GstElement* pipeline, GstPad* entry, const std::string& path) {
  GstElement* decoder = gst_element_factory_make("uridecodebin", nullptr);
  if (decoder == nullptr) return false;
  gst_bin_add(GST_BIN(pipeline), decoder);
  const GChars uri(gst_filename_to_uri(path.c_str(), nullptr));
  const GstPtr<GstCaps> sound(gst_caps_from_string("audio/x-raw"));
  g_object_set(decoder, "uri", uri.get(), "caps", sound.get(), "expose-all-streams", FALSE, nullptr);
  g_signal_connect(decoder, "pad-added", G_CALLBACK(linkSound), entry);
  g_signal_connect(decoder, "no-more-pads", G_CALLBACK(refuseWithoutSound), entry);
  return true;
}

/// Where the configuration goes that is stored with the session.
struct Stored {
  const SoundJob& job;
  GstElement* sink;
};

/// The window is a whole number of samples, and how long that is only the sound's rate tells: the
/// configuration states what was used, not what was asked for.
GstPadProbeReturn storeConfiguration(GstPad*, GstPadProbeInfo* info, gpointer data) {
  GstEvent* event = gst_pad_probe_info_get_event(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  const auto& stored = *static_cast<Stored*>(data);
  std::ostringstream text;
  text << stored.job.configuration << "spectrum: {window_ms: " << 1e3 * spectralWindowOfCaps(caps).value_or(0)
       << ", max_velocity_cm_s: " << stored.job.spectrum.maxVelocityCmPerS << "}\n";
  g_object_set(stored.sink, "configuration", text.str().c_str(), nullptr);
  return GST_PAD_PROBE_OK;
}

}  // namespace

Result<RunEnd> measureSound(const SoundJob& job) {
  const GstPtr<GstElement> pipeline(gst_pipeline_new("soleus"));
  const auto add = [&](const char* factory) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (element != nullptr) gst_bin_add(GST_BIN(pipeline.get()), element);
    return element;
  };
  GstElement* convert = add("audioconvert");
  GstElement* spectrum = add("dopplerspectrum");
  GstElement* sink = add("sessionsink");
  if (convert == nullptr || spectrum == nullptr || sink == nullptr) return missingElement("audioconvert");
  g_object_set(spectrum, "calibration", job.spectrum.calibrationPath.c_str(), "estimator",
               job.spectrum.estimator.c_str(), "threads", job.spectrum.threads, "window-ms",
               job.spectrum.windowMs, "max-velocity", job.spectrum.maxVelocityCmPerS, nullptr);
  g_object_set(sink, "location", job.sessionPath.c_str(), "title", job.notes.title.c_str(), "subject",
               job.notes.subject.c_str(), "limb", job.notes.limb.c_str(), "condition",
               job.notes.condition.c_str(), "protocol", job.protocolName.c_str(), "followed", FALSE, nullptr);
  gst_element_link(convert, spectrum);
  gst_element_link_pads(spectrum, "src", sink, "measurement");
  Stored stored{job, sink};
  const GstPtr<GstPad> measured(gst_element_get_static_pad(spectrum, "src"));
  gst_pad_add_probe(measured.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, storeConfiguration, &stored,
                    nullptr);
  const GstPtr<GstPad> entry(gst_element_get_static_pad(convert, "sink"));
  const GstPtr<GstPad> timed(gst_element_get_static_pad(spectrum, "sink"));
  if (job.iq != nullptr) {
    g_object_set(spectrum, "sample-rate", job.iq->sampleRateHz(), nullptr);
    // The file says when in the session its first sample was.
    g_object_set(sink, "begins-at-zero", TRUE, nullptr);
    auto sound = iqSound(*job.iq, job.path);
    if (!sound.ok()) return sound.error();
    GstElement* source = addSoundSource(pipeline.get(), std::move(sound).value());
    if (source == nullptr) return missingElement("appsrc");
    gst_element_link(source, convert);
  } else if (!addDecoder(pipeline.get(), entry.get(), job.path)) {
    return missingElement("uridecodebin");
  }
  return runPipeline(pipeline.get(), timed.get(), job.run);
}

}  // namespace soleus
