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
 * Interlaced video goes through `deinterlace` first. Where the caps call it progressive, the spectrum is
 * measured in the earlier of a frame's two fields, and an event says so.
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

#include <gst/video/video.h>

#include "plugins/common/stream_formats.h"
#include "plugins/common/tracker_pads.h"
#include "plugins/duplextrack/tracker_properties.h"

GST_DEBUG_CATEGORY_STATIC(duplextrack_debug);
#define GST_CAT_DEFAULT duplextrack_debug

namespace {

using soleus::TrackerSettings;

/// `settings` is guarded by the object lock, `info_` belongs to the streaming thread.
class VideoPads final : public soleus::TrackerPads {
 public:
  explicit VideoPads(GstElement* element) : TrackerPads(element) {}

  TrackerSettings settings;
  [[nodiscard]] TrackerSettings settingsNow() const {
    GST_OBJECT_LOCK(element());
    TrackerSettings copy = settings;
    GST_OBJECT_UNLOCK(element());
    return copy;
  }

 private:
  bool takeCaps(const GstCaps* caps) override { return gst_video_info_from_caps(&info_, caps) != FALSE; }
  soleus::Result<std::unique_ptr<soleus::StreamTracker>> makeTracker(
      const std::optional<std::string>& streamCalibration, soleus::FrameCounts& counts,
      soleus::MeasurementGraph::Sink emit) override {
    auto tracker =
        soleus::VideoTracker::start(settingsNow(), streamCalibration, info_, counts, std::move(emit));
    if (!tracker.ok()) return tracker.error();
    return std::unique_ptr<soleus::StreamTracker>(std::move(tracker).value());
  }
  [[nodiscard]] GstClockTime heldBack(const GstCaps* caps) const override {
    return soleus::durationOfFrames(caps, settingsNow().framesInFlight);
  }

  GstVideoInfo info_{};
};

}  // namespace

struct SoleusDuplexTrack {
  GstElement parent;
  VideoPads* pads;
};
struct SoleusDuplexTrackClass {
  GstElementClass parent_class;
};

G_DEFINE_TYPE(SoleusDuplexTrack, soleus_duplex_track, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(duplextrack, "duplextrack", GST_RANK_NONE, soleus_duplex_track_get_type())

namespace {

VideoPads& padsOf(gpointer object) {
  return *static_cast<SoleusDuplexTrack*>(object)->pads;
}

GstStateChangeReturn changeState(GstElement* element, GstStateChange transition) {
  padsOf(element).beforeChange(transition);
  const auto result = GST_ELEMENT_CLASS(soleus_duplex_track_parent_class)->change_state(element, transition);
  padsOf(element).afterChange(transition);
  return result;
}

void setProperty(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = soleus::trackerProperties().set(id, padsOf(object).settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void getProperty(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  if (soleus::trackerProperties().get(id, padsOf(object).settingsNow(), value)) return;
  if (soleus::getTrackerCounter(id, padsOf(object).counts(), value)) return;
  G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void finalize(GObject* object) {
  delete static_cast<SoleusDuplexTrack*>(static_cast<gpointer>(object))->pads;
  G_OBJECT_CLASS(soleus_duplex_track_parent_class)->finalize(object);
}

}  // namespace

static void soleus_duplex_track_init(SoleusDuplexTrack* track) {
  track->pads = new VideoPads(GST_ELEMENT(track));
  track->pads->addPads();
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
