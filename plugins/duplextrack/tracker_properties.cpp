#include "plugins/duplextrack/tracker_properties.h"

namespace soleus {

GType overloadType() {
  static const GEnumValue kValues[] = {
      {static_cast<int>(Overload::kBlock), "Hold the source back; nothing is lost", "block"},
      {static_cast<int>(Overload::kDrop), "Drop the newest frame and count it", "drop"},
      {0, nullptr, nullptr}};
  static const GType kType = g_enum_register_static("SoleusOverload", kValues);
  return kType;
}

const PropertyTable<TrackerSettings>& trackerProperties() {
  using T = TrackerSettings;
  static const PropertyTable<T> kTable{
      textProperty("calibration", "Calibration", "Path of the calibration profile; empty = from the source",
                   &T::calibrationPath),
      textProperty("estimator", "Estimator", "Estimator of the maximum velocity: half_power or mtcm",
                   &T::estimator),
      countProperty("threads", "Threads", "Measuring threads (a count); 0 = one for each core", 0, 64,
                    &T::threads),
      countProperty("frames-in-flight", "Frames in flight",
                    "Frames being measured at once (a count); bounds memory", 1, 64, &T::framesInFlight),
      enumProperty("overload", "Overload", "What to do when frames come faster than they are measured",
                   overloadType(), &T::overload)};
  return kTable;
}

}  // namespace soleus
