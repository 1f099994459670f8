/**
 * SECTION:element-dopplerspectrum
 * @title: dopplerspectrum
 *
 * Measures blood velocity in a Doppler signal: sound of a scanner, or I/Q as two channels. One buffer comes
 * out for each that came in, with the columns that it completed; its PTS is the running time of its first
 * sample, and the source pad has a time segment of its own that begins at 0. At the end of the stream one
 * more buffer brings the columns held back till then.
 *
 * The calibration is read from the file named by #dopplerspectrum:calibration or, without one, taken from a
 * sticky event of the source; its audio section says what the channels are. Columns are timed by counting
 * samples, and the count follows the stamps where the source's clock drifts. Stamps that jump are a gap.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 audiotestsrc freq=700 num-buffers=100 ! audio/x-raw, rate=8000, channels=1 ! audioconvert !
 * dopplerspectrum calibration=configs/scanners/line_out.calibration.yaml ! sessionsink location=tone.h5
 * ]|
 */
#include "plugins/dopplerspectrum/dopplerspectrum.h"

#include "plugins/common/property_table.h"
#include "plugins/common/stream_formats.h"
#include "plugins/common/tracker_pads.h"
#include "plugins/dopplerspectrum/signal_tracker.h"

GST_DEBUG_CATEGORY_STATIC(dopplerspectrum_debug);
#define GST_CAT_DEFAULT dopplerspectrum_debug

namespace {

using soleus::SpectrumSettings;

// Sinks ask for sound in pieces of about this length.
constexpr GstClockTime kUsualBlock = 20 * GST_MSECOND;

const soleus::PropertyTable<SpectrumSettings>& properties() {
  using S = SpectrumSettings;
  static const soleus::PropertyTable<S> kTable{
      soleus::textProperty("calibration", "Calibration",
                           "Path of the calibration profile; empty = from the source", &S::calibrationPath),
      soleus::textProperty(
          "estimator", "Estimator",
          "Estimator of the maximum velocity: edge_fit, half_power, mtcm, percentile, mgm, snsi or "
          "dynamic_programming",
          &S::estimator),
      soleus::realProperty("window-ms", "Window",
                           "Length of the spectrum's Hann window (in ms); at least 32 samples", 1, 200,
                           &S::windowMs),
      soleus::realProperty("max-velocity", "Highest velocity",
                           "End of the velocity axis, if half the sampling rate lies beyond (in cm/s)", 10,
                           2000, &S::maxVelocityCmPerS),
      soleus::realProperty("sample-rate", "Sampling rate",
                           "Exact sampling rate where it is no whole number (in hertz); 0 = that of the caps",
                           0, 1e6, &S::sampleRateHz),
      soleus::countProperty("threads", "Threads", "Measuring threads (a count); 0 = one for each core", 0, 64,
                            &S::threads),
      soleus::countProperty("blocks-in-flight", "Blocks in flight",
                            "Blocks being measured at once (a count); bounds memory", 1, 64,
                            &S::blocksInFlight)};
  return kTable;
}

/// `settings` is guarded by the object lock, `format_` belongs to the streaming thread.
class SoundPads final : public soleus::TrackerPads {
 public:
  explicit SoundPads(GstElement* element) : TrackerPads(element) {}

  SpectrumSettings settings;
  [[nodiscard]] SpectrumSettings settingsNow() const {
    GST_OBJECT_LOCK(element());
    SpectrumSettings copy = settings;
    GST_OBJECT_UNLOCK(element());
    return copy;
  }

 private:
  bool takeCaps(const GstCaps* caps) override {
    const GstStructure* structure = gst_caps_get_structure(caps, 0);
    return gst_structure_get_int(structure, "rate", &format_.rateHz) != FALSE &&
           gst_structure_get_int(structure, "channels", &format_.channels) != FALSE;
  }
  soleus::Result<std::unique_ptr<soleus::StreamTracker>> makeTracker(
      const std::optional<std::string>& streamCalibration, soleus::FrameCounts& counts,
      soleus::MeasurementGraph::Sink emit) override {
    auto tracker =
        soleus::SignalTracker::start(settingsNow(), streamCalibration, format_, counts, std::move(emit));
    if (!tracker.ok()) return tracker.error();
    return std::unique_ptr<soleus::StreamTracker>(std::move(tracker).value());
  }
  [[nodiscard]] GstClockTime heldBack(const GstCaps*) const override {
    return static_cast<GstClockTime>(settingsNow().blocksInFlight) * kUsualBlock;
  }

  soleus::SoundFormat format_;
};

}  // namespace

struct SoleusDopplerSpectrum {
  GstElement parent;
  SoundPads* pads;
};
struct SoleusDopplerSpectrumClass {
  GstElementClass parent_class;
};

G_DEFINE_TYPE(SoleusDopplerSpectrum, soleus_doppler_spectrum, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(dopplerspectrum, "dopplerspectrum", GST_RANK_NONE,
                            soleus_doppler_spectrum_get_type())

namespace {

SoundPads& padsOf(gpointer object) {
  return *static_cast<SoleusDopplerSpectrum*>(object)->pads;
}

GstStateChangeReturn changeState(GstElement* element, GstStateChange transition) {
  padsOf(element).beforeChange(transition);
  const auto result =
      GST_ELEMENT_CLASS(soleus_doppler_spectrum_parent_class)->change_state(element, transition);
  padsOf(element).afterChange(transition);
  return result;
}

void setProperty(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = properties().set(id, padsOf(object).settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void getProperty(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  if (!properties().get(id, padsOf(object).settingsNow(), value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void finalize(GObject* object) {
  delete static_cast<SoleusDopplerSpectrum*>(static_cast<gpointer>(object))->pads;
  G_OBJECT_CLASS(soleus_doppler_spectrum_parent_class)->finalize(object);
}

}  // namespace

static void soleus_doppler_spectrum_init(SoleusDopplerSpectrum* spectrum) {
  spectrum->pads = new SoundPads(GST_ELEMENT(spectrum));
  spectrum->pads->addPads();
}

static void soleus_doppler_spectrum_class_init(SoleusDopplerSpectrumClass* klass) {
  GST_DEBUG_CATEGORY_INIT(dopplerspectrum_debug, "dopplerspectrum", 0, "Doppler signal measurement");
  auto* object = G_OBJECT_CLASS(klass);
  auto* element = GST_ELEMENT_CLASS(klass);
  object->set_property = setProperty;
  object->get_property = getProperty;
  object->finalize = finalize;
  properties().install(object);
  gst_element_class_set_static_metadata(element, "Doppler signal spectrum", "Filter/Analyzer/Audio",
                                        "Measures blood velocity in Doppler sound or I/Q",
                                        "The Soleus authors");
  gst_element_class_add_pad_template(
      element,
      gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                           gst_caps_from_string("audio/x-raw, format=(string)F32LE, "
                                                "layout=(string)interleaved, rate=(int)[500,1000000], "
                                                "channels=(int)[1,2]")));
  gst_element_class_add_pad_template(element,
                                     gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                                                          gst_caps_from_string(SOLEUS_MEASUREMENT_CAPS)));
  element->change_state = changeState;
}
