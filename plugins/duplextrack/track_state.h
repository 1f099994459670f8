/// What lives in C++ behind the GObject of duplextrack.
#pragma once

#include <gst/video/video.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/duplextrack/output_queue.h"
#include "plugins/duplextrack/video_tracker.h"

namespace soleus {

/// `settings` is guarded by the object lock; counters and flags are atomic; the output queue has its own
/// lock, and the output task looks at nothing before it has taken that; all else belongs to the streaming
/// thread of the sink pad.
struct TrackState {
  explicit TrackState(gpointer element) : owner(element) {}

  const gpointer owner;  ///< the element
  TrackerSettings settings;
  FrameCounts counts;
  OutputQueue output;
  std::atomic<GstFlowReturn> downstream{GST_FLOW_OK};
  std::atomic<bool> inputWasTold{false};  // that downstream is not OK: the source reports it

  GstVideoInfo info{};
  GstSegment segment{};
  std::optional<std::string> streamCalibration;
  std::unique_ptr<VideoTracker> tracker;
  std::vector<MiniObject> early;  // events that must not overtake the caps, which come with the first frame
  bool failed = false;            // and said so
};

}  // namespace soleus
