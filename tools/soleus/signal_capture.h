/// What captures signals beside the pipeline and hands them to it.
#pragma once

#include <gst/gst.h>

#include <cstddef>
#include <cstdint>

namespace soleus {

/// Runs on a thread of its own until destroyed, which must be before the pipeline is.
class SignalCapture {
 public:
  virtual ~SignalCapture() = default;
};

/// Gives bytes that have just arrived to an `appsrc` of the pipeline, stamped with their arrival; nothing
/// happens before the pipeline has a clock. `offset`: number of the first sample, of blocks.
void pushArrived(GstElement* appsrc, const void* bytes, std::size_t count, std::uint64_t offset);

}  // namespace soleus
