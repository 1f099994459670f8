#include "plugins/duplextrack/tracker_properties.h"

#include <atomic>
#include <cstdint>
#include <iterator>

namespace soleus {
namespace {

/// Their property ids follow the table's.
struct TrackerCounter {
  const char* name;
  const char* nick;
  const char* blurb;
  std::atomic<std::uint64_t> FrameCounts::*value;
};
constexpr TrackerCounter kCounters[] = {
    {"frames-received", "Frames received", "Frames that arrived (a count): measured + dropped + in flight",
     &FrameCounts::received},
    {"frames-measured", "Frames measured", "Frames measured (a count)", &FrameCounts::measured},
    {"frames-dropped", "Frames dropped",
     "Frames dropped for overload or for a time stamp that does not advance (a count)",
     &FrameCounts::dropped}};

}  // namespace

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
      textProperty("calibration-text", "Calibration text",
                   "A calibration profile as YAML, in place of a file; empty = from the source",
                   &T::calibrationText),
      textProperty("estimator", "Estimator",
                   "Estimator of the maximum velocity: edge_fit, half_power, mtcm, percentile, mgm, snsi or "
                   "dynamic_programming",
                   &T::estimator),
      textProperty("lumen-point", "Lumen point",
                   "X,Y: where in the picture the lumen is looked for (pixels of the whole video); empty = "
                   "near the middle of the B-mode",
                   &T::lumenPoint),
      countProperty("threads", "Threads", "Measuring threads (a count); 0 = one for each core", 0, 64,
                    &T::threads),
      countProperty("frames-in-flight", "Frames in flight",
                    "Frames being measured at once (a count); bounds memory", 1, 64, &T::framesInFlight),
      countProperty("frames-at-once", "Frames at once",
                    "Frames handed to the measuring threads together (a count); saves work where nobody "
                    "waits for the first",
                    1, 64, &T::framesAtOnce),
      switchProperty("first-look", "First look",
                     "Give each column as soon as it is seen, and once more when it is measured with what "
                     "follows it: for who watches a recording",
                     &T::firstLook),
      enumProperty("overload", "Overload", "What to do when frames come faster than they are measured",
                   overloadType(), &T::overload)};
  return kTable;
}

void installTrackerProperties(GObjectClass* klass) {
  trackerProperties().install(klass);
  guint id = trackerProperties().nextId();
  for (const TrackerCounter& c : kCounters) {
    g_object_class_install_property(
        klass, id++,
        g_param_spec_uint64(c.name, c.nick, c.blurb, 0, G_MAXUINT64, 0,
                            static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  }
}

bool getTrackerCounter(guint id, const FrameCounts& counts, GValue* value) {
  const guint counter = id - trackerProperties().nextId();
  if (counter >= std::size(kCounters)) return false;
  g_value_set_uint64(value, counts.*kCounters[counter].value);
  return true;
}

}  // namespace soleus
