/**
 * SECTION:element-regionmask
 * @title: regionmask
 *
 * Blackens a video outside of the measured regions, so that it can be kept without what a scanner prints
 * about the patient. The regions come from a calibration profile, or from the source where it brings one.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 duplexsrc scenario=configs/scenarios/calf_raises.yaml num-buffers=30 ! regionmask !
 * videoconvert ! avenc_ffv1 ! matroskamux ! filesink location=masked.mkv
 * ]|
 */
#include "plugins/regionmask/regionmask.h"

#include <gst/video/gstvideofilter.h>

#include <optional>
#include <string>
#include <vector>

#include "plugins/common/black_out.h"
#include "plugins/common/element_error.h"
#include "plugins/common/measure_setup.h"
#include "plugins/common/property_table.h"
#include "plugins/common/stream_formats.h"

namespace {

struct Settings {
  std::string calibration;
};

struct State {
  Settings settings;                             // guarded by the object lock
  std::optional<std::string> streamCalibration;  // streaming thread, as all below
  std::optional<std::vector<soleus::Region>> kept;
};

}  // namespace

struct SoleusRegionMask {
  GstVideoFilter parent;
  State* state;
};
struct SoleusRegionMaskClass {
  GstVideoFilterClass parent_class;
};

G_DEFINE_TYPE(SoleusRegionMask, soleus_region_mask, GST_TYPE_VIDEO_FILTER)
GST_ELEMENT_REGISTER_DEFINE(regionmask, "regionmask", GST_RANK_NONE, soleus_region_mask_get_type())

namespace {

State& stateOf(gpointer object) {
  return *static_cast<SoleusRegionMask*>(object)->state;
}

const soleus::PropertyTable<Settings>& properties() {
  static const soleus::PropertyTable<Settings> kTable{soleus::textProperty(
      "calibration", "Calibration",
      "Path of the calibration profile that names the regions; empty: as the stream says",
      &Settings::calibration)};
  return kTable;
}

void setProperty(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = properties().set(id, stateOf(object).settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void getProperty(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = properties().get(id, stateOf(object).settings, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

gboolean start(GstBaseTransform* transform) {
  State& state = stateOf(transform);
  state.streamCalibration.reset();
  state.kept.reset();
  return TRUE;
}

gboolean sinkEvent(GstBaseTransform* transform, GstEvent* event) {
  if (auto yaml = soleus::calibrationOfEvent(event)) {
    stateOf(transform).streamCalibration = std::move(yaml);
    stateOf(transform).kept.reset();
  }
  return GST_BASE_TRANSFORM_CLASS(soleus_region_mask_parent_class)->sink_event(transform, event);
}

/// The regions of the profile, which must lie within the picture.
soleus::Result<std::vector<soleus::Region>> findRegions(SoleusRegionMask* mask, const GstVideoInfo& info) {
  GST_OBJECT_LOCK(mask);
  const std::string path = mask->state->settings.calibration;
  GST_OBJECT_UNLOCK(mask);
  const auto profile = soleus::findProfile(path, mask->state->streamCalibration, "regionmask");
  if (!profile.ok()) return profile.error();
  const int width = GST_VIDEO_INFO_WIDTH(&info);
  const int height = GST_VIDEO_INFO_HEIGHT(&info);
  if (profile.value().screenWidth != width || profile.value().screenHeight != height) {
    return soleus::Error{
        soleus::ErrorKind::kBadInput, "regionmask", "the profile is for another screen",
        std::to_string(width) + "x" + std::to_string(height),
        std::to_string(profile.value().screenWidth) + "x" + std::to_string(profile.value().screenHeight)};
  }
  std::vector<soleus::Region> kept;
  if (profile.value().doppler) kept.push_back(profile.value().doppler->region);
  if (profile.value().bmode) kept.push_back(profile.value().bmode->region);
  return kept;
}

/// Another picture size asks for other regions.
gboolean setInfo(GstVideoFilter* filter, GstCaps*, GstVideoInfo*, GstCaps*, GstVideoInfo*) {
  stateOf(filter).kept.reset();
  return TRUE;
}

GstFlowReturn transformInPlace(GstVideoFilter* filter, GstVideoFrame* frame) {
  auto* mask = reinterpret_cast<SoleusRegionMask*>(filter);
  std::optional<std::vector<soleus::Region>>& kept = mask->state->kept;
  if (!kept) {
    auto found = findRegions(mask, frame->info);
    if (!found.ok()) {
      soleus::postError(GST_ELEMENT(filter), found.error());
      return GST_FLOW_ERROR;
    }
    kept = std::move(found).value();
  }
  soleus::blackOut(*frame, *kept);
  return GST_FLOW_OK;
}

void finalize(GObject* object) {
  delete static_cast<SoleusRegionMask*>(static_cast<gpointer>(object))->state;
  G_OBJECT_CLASS(soleus_region_mask_parent_class)->finalize(object);
}

}  // namespace

static void soleus_region_mask_init(SoleusRegionMask* mask) {
  mask->state = new State;
}

static void soleus_region_mask_class_init(SoleusRegionMaskClass* klass) {
  auto* object = G_OBJECT_CLASS(klass);
  auto* element = GST_ELEMENT_CLASS(klass);
  object->set_property = setProperty;
  object->get_property = getProperty;
  object->finalize = finalize;
  properties().install(object);
  gst_element_class_set_static_metadata(element, "Region mask", "Filter/Effect/Video",
                                        "Blackens a video outside of the measured regions",
                                        "The Soleus authors");
  for (const auto& [name, direction] : {std::pair{"sink", GST_PAD_SINK}, std::pair{"src", GST_PAD_SRC}}) {
    gst_element_class_add_pad_template(
        element, gst_pad_template_new(name, direction, GST_PAD_ALWAYS,
                                      gst_caps_from_string(GST_VIDEO_CAPS_MAKE(SOLEUS_VIDEO_FORMATS))));
  }
  auto* transform = GST_BASE_TRANSFORM_CLASS(klass);
  transform->start = start;
  transform->sink_event = sinkEvent;
  GST_VIDEO_FILTER_CLASS(klass)->set_info = setInfo;
  GST_VIDEO_FILTER_CLASS(klass)->transform_frame_ip = transformInPlace;
}
