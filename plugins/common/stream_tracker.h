/// From the buffers of one stream to results: what a measuring element does between its pads.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <cstdint>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Buffers of one stream since it started: received = measured + dropped + those in flight. Readable from any
/// thread.
struct FrameCounts {
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> measured{0};
  std::atomic<std::uint64_t> dropped{0};
};

/// Measures the buffers of one stream, from its first to its end. One thread at a time.
class StreamTracker {
 public:
  /// What became of a buffer. kStale: its time does not come after that of the one before.
  enum class Outcome { kAccepted, kOutsideSegment, kOverload, kStale };

  virtual ~StreamTracker() = default;
  /// Hands one buffer to the graph; `segment` turns its stamp into running time. Errors: a buffer that the
  /// calibration does not fit, or without a time stamp.
  virtual Result<Outcome> measure(GstBuffer* buffer, const GstSegment& segment) = 0;
  /// Waits until all of it has come out.
  virtual void drain() = 0;
  /// Delivers what was held back; the stream is over.
  [[nodiscard]] virtual Status finish() = 0;
  /// The calibration in force.
  [[nodiscard]] virtual const CalibrationProfile& profile() const = 0;
};

}  // namespace soleus
