/// From blocks of samples of an audio interface to numbered samples with times, and what is missing between
/// them.
#pragma once

#include <cstdint>
#include <string_view>

#include "pipeline/clock/source_clock.h"
#include "pipeline/core/signal.h"
#include "pipeline/core/time.h"
#include "pipeline/signal/signal_batch.h"

namespace soleus {

/// Reads one interface's stream: interleaved float32 in the machine's byte order, full scale 1. Blocks are
/// counted in samples of all channels; each block's end is what its arrival belongs to, and its samples are
/// spread evenly from the block before. Not thread-safe, no clock read.
class SampleReader {
 public:
  /// `source` has a rate.
  explicit SampleReader(SignalSource source);

  /// `first`: number of the block's first sample, as the interface counts; if it is lower than the one that
  /// was due, the interface has begun anew. `arrival`: of the whole block. A sample that is not whole is left
  /// out.
  SignalBatch push(std::string_view bytes, std::uint64_t first, ArrivalTime arrival);
  [[nodiscard]] const SourceClock& clock() const { return clock_; }

 private:
  SignalSource source_;
  SourceClock clock_;
  bool started_ = false;
  std::uint64_t due_ = 0;       // number that the interface gives the next sample
  std::uint64_t sequence_ = 0;  // number of the next sample, not begun anew
  ArrivalTime lastTaken_;
};

}  // namespace soleus
