#include "plugins/common/stream_formats.h"

namespace soleus {
namespace {

constexpr const char* kCalibrationEvent = "soleus-calibration";
constexpr const char* kYaml = "calibration";
constexpr const char* kWindow = "spectral-window-s";
constexpr const char* kLossEvent = "soleus-loss";
constexpr const char* kSequence = "sequence";
constexpr const char* kCause = "cause";

std::optional<std::string> yamlOf(const GstStructure* structure) {
  const gchar* yaml = structure == nullptr ? nullptr : gst_structure_get_string(structure, kYaml);
  if (yaml == nullptr) return std::nullopt;
  return yaml;
}

}  // namespace

GstClockTime durationOfFrames(const GstCaps* caps, int frames) {
  gint numerator = 0;
  gint denominator = 1;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  if (!gst_structure_get_fraction(structure, "framerate", &numerator, &denominator) || numerator <= 0)
    return 0;
  return gst_util_uint64_scale(static_cast<guint64>(frames) * GST_SECOND, static_cast<guint64>(denominator),
                               static_cast<guint64>(numerator));
}

GstCaps* newMeasurementCaps(const std::string& calibrationYaml,
                            const std::optional<double>& spectralWindowS) {
  GstCaps* caps = gst_caps_from_string(SOLEUS_MEASUREMENT_CAPS);
  gst_caps_set_simple(caps, kYaml, G_TYPE_STRING, calibrationYaml.c_str(), nullptr);
  if (spectralWindowS) gst_caps_set_simple(caps, kWindow, G_TYPE_DOUBLE, *spectralWindowS, nullptr);
  return caps;
}

std::optional<std::string> calibrationOfCaps(const GstCaps* caps) {
  return yamlOf(gst_caps_get_structure(caps, 0));
}

std::optional<double> spectralWindowOfCaps(const GstCaps* caps) {
  gdouble windowS = 0;
  if (!gst_structure_get_double(gst_caps_get_structure(caps, 0), kWindow, &windowS)) return std::nullopt;
  return windowS;
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

GstEvent* newLossEvent(const FrameLoss& loss) {
  return gst_event_new_custom(
      GST_EVENT_CUSTOM_DOWNSTREAM,
      gst_structure_new(kLossEvent, kSequence, G_TYPE_UINT64, static_cast<guint64>(loss.sequence), kCause,
                        G_TYPE_STRING, loss.cause.c_str(), nullptr));
}

std::optional<FrameLoss> lossOfEvent(GstEvent* event) {
  if (!gst_event_has_name(event, kLossEvent)) return std::nullopt;
  guint64 sequence = 0;
  const GstStructure* structure = gst_event_get_structure(event);
  const gchar* cause = gst_structure_get_string(structure, kCause);
  if (!gst_structure_get_uint64(structure, kSequence, &sequence) || cause == nullptr) return std::nullopt;
  return FrameLoss{sequence, cause};
}

}  // namespace soleus
