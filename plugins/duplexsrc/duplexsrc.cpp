/**
 * SECTION:element-duplexsrc
 * @title: duplexsrc
 *
 * Shows the screen of a simulated duplex scanner: live at its frame rate, or as fast as it can be drawn. The
 * exact calibration of the screen goes downstream in a sticky event, so that `duplextrack` needs no profile.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 duplexsrc scenario=configs/scenarios/calf_raises.yaml num-buffers=300 ! duplextrack !
 * sessionsink location=phantom.h5
 * ]|
 * |[
 * gst-launch-1.0 duplexsrc scenario=configs/scenarios/rest_only.yaml is-live=true num-buffers=60 ! queue !
 * fakesink sync=true
 * ]|
 */
#include "plugins/duplexsrc/duplexsrc.h"

#include <gst/base/gstpushsrc.h>
#include <gst/video/video.h>

#include <memory>
#include <opencv2/core.hpp>

#include "calibration/phantom/phantom.h"
#include "calibration/profile/profile.h"
#include "plugins/common/element_error.h"
#include "plugins/common/property_table.h"
#include "plugins/common/stream_formats.h"

GST_DEBUG_CATEGORY_STATIC(duplexsrc_debug);
#define GST_CAT_DEFAULT duplexsrc_debug

namespace {

struct Settings {
  std::string scenario;
  std::uint64_t seed = 1;
  bool live = false;
};

/// What lives in C++ behind the GObject. `settings` is guarded by the object lock; the rest belongs to the
/// streaming thread between start and stop.
struct State {
  Settings settings;
  std::unique_ptr<soleus::Phantom> phantom;
  std::int64_t nextFrame = 0;
  bool calibrationSent = false;
  cv::Mat picture;
};

}  // namespace

struct SoleusDuplexSrc {
  GstPushSrc parent;
  State* state;
};
struct SoleusDuplexSrcClass {
  GstPushSrcClass parent_class;
};

G_DEFINE_TYPE(SoleusDuplexSrc, soleus_duplex_src, GST_TYPE_PUSH_SRC)
GST_ELEMENT_REGISTER_DEFINE(duplexsrc, "duplexsrc", GST_RANK_NONE, soleus_duplex_src_get_type())

namespace {

SoleusDuplexSrc* self(gpointer object) {
  return static_cast<SoleusDuplexSrc*>(object);
}

const soleus::PropertyTable<Settings>& properties() {
  static const soleus::PropertyTable<Settings> kTable{
      soleus::textProperty("scenario", "Scenario", "Path of a scenario file (configs/scenarios/*.yaml)",
                           &Settings::scenario),
      soleus::wholeProperty("seed", "Seed",
                            "Seed of the noise (a number without unit): same seed, same picture",
                            &Settings::seed),
      soleus::switchProperty("is-live", "Is live",
                             "Deliver frames at the scanner's frame rate instead of as fast as possible",
                             &Settings::live)};
  return kTable;
}

void setProperty(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  Settings& settings = self(object)->state->settings;
  const bool known = properties().set(id, settings, value);
  const bool live = settings.live;
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  gst_base_src_set_live(GST_BASE_SRC(object), live);
}

void getProperty(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = properties().get(id, self(object)->state->settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

gboolean start(GstBaseSrc* base) {
  State& state = *self(base)->state;
  GST_OBJECT_LOCK(base);
  const Settings settings = state.settings;
  GST_OBJECT_UNLOCK(base);
  if (settings.scenario.empty()) {
    soleus::postError(GST_ELEMENT(base), {soleus::ErrorKind::kUsage, "duplexsrc", "no 'scenario'", "",
                                          "the path of a scenario file"});
    return FALSE;
  }
  auto phantom = soleus::Phantom::load(settings.scenario, settings.seed);
  if (!phantom.ok()) {
    soleus::postError(GST_ELEMENT(base), phantom.error());
    return FALSE;
  }
  state.phantom = std::move(phantom).value();
  state.nextFrame = 0;
  state.calibrationSent = false;
  return TRUE;
}

gboolean stop(GstBaseSrc* base) {
  self(base)->state->phantom.reset();
  return TRUE;
}

GstCaps* getCaps(GstBaseSrc* base, GstCaps* filter) {
  GstCaps* caps = gst_pad_get_pad_template_caps(GST_BASE_SRC_PAD(base));
  if (const auto* phantom = self(base)->state->phantom.get()) {
    caps = gst_caps_make_writable(caps);
    gst_caps_set_simple(caps, "width", G_TYPE_INT, phantom->width(), "height", G_TYPE_INT, phantom->height(),
                        "framerate", GST_TYPE_FRACTION, phantom->frameRateNumerator(),
                        phantom->frameRateDenominator(), nullptr);
  }
  if (filter == nullptr) return caps;
  GstCaps* both = gst_caps_intersect_full(filter, caps, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(caps);
  return both;
}

GstClockTime timeOfFrame(const soleus::Phantom& phantom, std::int64_t number) {
  return gst_util_uint64_scale(static_cast<guint64>(number),
                               static_cast<guint64>(phantom.frameRateDenominator()) * GST_SECOND,
                               static_cast<guint64>(phantom.frameRateNumerator()));
}

/// A live source lets each frame out when the clock reaches its time.
void getTimes(GstBaseSrc* base, GstBuffer* buffer, GstClockTime* from, GstClockTime* to) {
  const bool live = gst_base_src_is_live(base);
  *from = live ? GST_BUFFER_PTS(buffer) : GST_CLOCK_TIME_NONE;
  *to = live ? GST_BUFFER_PTS(buffer) + GST_BUFFER_DURATION(buffer) : GST_CLOCK_TIME_NONE;
}

GstFlowReturn create(GstPushSrc* push, GstBuffer** out) {
  State& state = *self(push)->state;
  soleus::Phantom& phantom = *state.phantom;
  if (state.nextFrame >= phantom.frameCount()) return GST_FLOW_EOS;
  if (!state.calibrationSent) {
    gst_pad_push_event(GST_BASE_SRC_PAD(push),
                       soleus::newCalibrationEvent(soleus::profileYaml(phantom.profile())));
    state.calibrationSent = true;
  }
  phantom.render(state.nextFrame, state.picture);

  GstVideoInfo info;
  GstCaps* caps = gst_pad_get_current_caps(GST_BASE_SRC_PAD(push));
  const bool known = caps != nullptr && gst_video_info_from_caps(&info, caps);
  gst_clear_caps(&caps);
  if (!known) return GST_FLOW_NOT_NEGOTIATED;

  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr);
  GstVideoFrame frame;
  if (!gst_video_frame_map(&frame, &info, buffer, GST_MAP_WRITE)) {
    gst_buffer_unref(buffer);
    return GST_FLOW_ERROR;
  }
  // The phantom draws its planes tightly packed, one after another; GStreamer may pad the rows.
  const std::uint8_t* plane = state.picture.data;
  for (guint c = 0; c < 3; ++c) {
    const int width = GST_VIDEO_FRAME_COMP_WIDTH(&frame, c);
    const int height = GST_VIDEO_FRAME_COMP_HEIGHT(&frame, c);
    cv::Mat(height, width, CV_8UC1, const_cast<std::uint8_t*>(plane))
        .copyTo(cv::Mat(height, width, CV_8UC1, GST_VIDEO_FRAME_COMP_DATA(&frame, c),
                        static_cast<std::size_t>(GST_VIDEO_FRAME_COMP_STRIDE(&frame, c))));
    plane += static_cast<std::ptrdiff_t>(width) * height;
  }
  gst_video_frame_unmap(&frame);

  GST_BUFFER_PTS(buffer) = timeOfFrame(phantom, state.nextFrame);
  GST_BUFFER_DURATION(buffer) = timeOfFrame(phantom, state.nextFrame + 1) - GST_BUFFER_PTS(buffer);
  GST_BUFFER_OFFSET(buffer) = static_cast<guint64>(state.nextFrame);
  ++state.nextFrame;
  *out = buffer;
  return GST_FLOW_OK;
}

void finalize(GObject* object) {
  delete self(object)->state;
  G_OBJECT_CLASS(soleus_duplex_src_parent_class)->finalize(object);
}

}  // namespace

static void soleus_duplex_src_init(SoleusDuplexSrc* src) {
  src->state = new State;
  gst_base_src_set_format(GST_BASE_SRC(src), GST_FORMAT_TIME);
}

static void soleus_duplex_src_class_init(SoleusDuplexSrcClass* klass) {
  GST_DEBUG_CATEGORY_INIT(duplexsrc_debug, "duplexsrc", 0, "digital duplex phantom");
  auto* object = G_OBJECT_CLASS(klass);
  auto* element = GST_ELEMENT_CLASS(klass);
  auto* base = GST_BASE_SRC_CLASS(klass);
  object->set_property = setProperty;
  object->get_property = getProperty;
  object->finalize = finalize;
  properties().install(object);
  gst_element_class_set_static_metadata(element, "Duplex phantom source", "Source/Video",
                                        "Screen of a simulated duplex scanner with known truth",
                                        "The Soleus authors");
  gst_element_class_add_pad_template(
      element,
      gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                           gst_caps_from_string("video/x-raw, format=(string)I420, width=(int)[2,16384], "
                                                "height=(int)[2,16384], framerate=(fraction)[1/1,240/1], "
                                                "colorimetry=(string)bt709")));
  base->start = start;
  base->stop = stop;
  base->get_caps = getCaps;
  base->get_times = getTimes;
  GST_PUSH_SRC_CLASS(klass)->create = create;
}
