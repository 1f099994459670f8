/// A sink's change to PAUSED, which is over with its first buffer or end of stream.
#pragma once

#include <gst/gst.h>

#include <mutex>

namespace soleus {

/// What GstBaseSink does for its children, for a sink with several pads. A sink that is PAUSED at once leaves
/// it to the elements before it to end the pipeline's change, and then a program that plays as soon as it
/// hears of PAUSED races with the thread that told it: GstBin (1.22) may lose the end of the stream. Here
/// that thread holds a lock which the change to PLAYING needs. Thread-safe.
class Preroll {
 public:
  /// Tells the bin that the change has begun; the element answers READY_TO_PAUSED with ASYNC.
  void begin(GstElement* element);
  /// Ends the change, if one is under way. True if PLAYING had been asked for meanwhile and is reached now.
  bool end(GstElement* element);
  /// The element stops. Waits for an end() that is under way.
  void abandon();
  /// Whether the change is still under way. Waits for an end() that is.
  bool pending();

 private:
  std::mutex mutex_;
  bool pending_ = false;
};

}  // namespace soleus
