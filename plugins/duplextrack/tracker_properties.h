/// The properties of duplextrack: its settings and its counters.
#pragma once

#include <atomic>
#include <cstdint>

#include "plugins/common/property_table.h"
#include "plugins/duplextrack/video_tracker.h"

namespace soleus {

const PropertyTable<TrackerSettings>& trackerProperties();

/// A counter that is readable while the element runs; their property ids follow the table's.
struct TrackerCounter {
  const char* name;
  const char* nick;
  const char* blurb;
  std::atomic<std::uint64_t> FrameCounts::*value;
};
inline constexpr TrackerCounter kTrackerCounters[] = {
    {"frames-received", "Frames received", "Frames that arrived (a count): measured + dropped + in flight",
     &FrameCounts::received},
    {"frames-measured", "Frames measured", "Frames measured (a count)", &FrameCounts::measured},
    {"frames-dropped", "Frames dropped",
     "Frames dropped for overload or for a time stamp that does not advance (a count)",
     &FrameCounts::dropped}};

/// The GType of Overload, with the nicks block and drop.
GType overloadType();

}  // namespace soleus
