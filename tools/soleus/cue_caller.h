/// Gives a participant the cues of a protocol when they are due.
#pragma once

#include <gst/gst.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tools/protocol/protocol.h"

namespace soleus {

/// What is said at a moment of the protocol, and what of it the session keeps; nothing if that is empty.
struct SpokenLine {
  std::int64_t timeNs = 0;
  std::string line;
  std::string label;
};

/// All that is said in a protocol, in the order of time.
std::vector<SpokenLine> spokenLines(const Protocol& protocol);

/// Says the lines of a protocol on standard error by the pipeline's clock, from the first frame on, and tells
/// `sink` (a sessionsink whose pad `video` is linked) of each cue when it was given. A thread of its own,
/// named "cues"; it ends with the object. Pipeline and sink outlive it.
class CueCaller {
 public:
  /// `videoDelayS`: how late a frame comes; session time 0 is when the first was taken.
  CueCaller(GstElement* pipeline, GstElement* sink, const Protocol& protocol, double videoDelayS);
  ~CueCaller();
  CueCaller(const CueCaller&) = delete;
  CueCaller& operator=(const CueCaller&) = delete;

 private:
  static GstPadProbeReturn firstFrame(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void run(std::int64_t zeroNs);
  bool waitUntil(GstClock* clock, GstClockTime time);

  GstElement* pipeline_;
  GstElement* sink_;
  std::vector<SpokenLine> lines_;
  std::int64_t videoDelayNs_;
  GstPad* pad_;
  gulong probe_ = 0;
  std::mutex mutex_;
  bool ended_ = false;            // guarded by mutex_
  GstClockID waiting_ = nullptr;  // likewise: what the thread waits for
  std::thread thread_;            // likewise, until ended_
};

}  // namespace soleus
