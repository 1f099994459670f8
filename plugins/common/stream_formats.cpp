#include "plugins/common/stream_formats.h"

namespace soleus {
namespace {

constexpr const char* kCalibrationEvent = "soleus-calibration";
constexpr const char* kYaml = "calibration";

std::optional<std::string> yamlOf(const GstStructure* structure) {
  const gchar* yaml = structure == nullptr ? nullptr : gst_structure_get_string(structure, kYaml);
  if (yaml == nullptr) return std::nullopt;
  return yaml;
}

}  // namespace

GstCaps* newMeasurementCaps(const std::string& calibrationYaml) {
  GstCaps* caps = gst_caps_from_string(SOLEUS_MEASUREMENT_CAPS);
  gst_caps_set_simple(caps, kYaml, G_TYPE_STRING, calibrationYaml.c_str(), nullptr);
  return caps;
}

std::optional<std::string> calibrationOfCaps(const GstCaps* caps) {
  return yamlOf(gst_caps_get_structure(caps, 0));
}

GstEvent* newCalibrationEvent(const std::string& calibrationYaml) {
  return gst_event_new_custom(
      GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
      gst_structure_new(kCalibrationEvent, kYaml, G_TYPE_STRING, calibrationYaml.c_str(), nullptr));
}

std::optional<std::string> calibrationOfEvent(GstEvent* event) {
  if (!gst_event_has_name(event, kCalibrationEvent)) return std::nullopt;
  return yamlOf(gst_event_get_structure(event));
}

}  // namespace soleus
