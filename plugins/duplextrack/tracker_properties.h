/// The properties of duplextrack: its settings and its counters.
#pragma once

#include "plugins/common/property_table.h"
#include "plugins/duplextrack/video_tracker.h"

namespace soleus {

const PropertyTable<TrackerSettings>& trackerProperties();

/// Installs the settings, and the counters that are readable while the element runs.
void installTrackerProperties(GObjectClass* klass);

/// False if `id` is none of the counters'.
bool getTrackerCounter(guint id, const FrameCounts& counts, GValue* value);

/// The GType of Overload, with the nicks block and drop.
GType overloadType();

}  // namespace soleus
