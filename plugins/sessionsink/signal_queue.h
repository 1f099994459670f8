/// Signals on their way to the thread that writes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>

#include "pipeline/core/time.h"

namespace soleus {

/// Bytes of a signal source as they arrived.
struct SignalArrival {
  std::string stream;
  std::string bytes;
  std::uint64_t first = 0;     ///< number of the first sample, of a source that sends blocks
  SessionTime running;         ///< of the pipeline, on arrival
  ArrivalTime arrival;         ///< on the machine's monotonic clock, as it was passed on
  bool afterOverload = false;  ///< some of the stream were dropped before it
};

/// A bounded queue: a board that floods it, or a slow disk, costs the oldest signals, never the video's time.
/// Not thread-safe.
class SignalQueue {
 public:
  void push(SignalArrival arrival);
  /// All that wait, oldest first; they are gone then.
  std::deque<SignalArrival> take();

 private:
  std::deque<SignalArrival> waiting_;
  std::size_t bytes_ = 0;
  std::set<std::string> dropped_;  // streams of which the oldest were
};

}  // namespace soleus
