/// FrameResult as bytes, for buffers that travel between GStreamer elements of one machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"

namespace soleus {

/// The bytes of `result`: a header, then fixed-size records (see the .cpp for the layout), native byte order.
/// Every column, the ones ahead too, must have the same number of grey values.
std::vector<std::uint8_t> encodeResult(const FrameResult& result);

/// The FrameResult that `bytes` hold. Errors (kBadInput): wrong magic, or a length that does not add up.
Result<FrameResult> decodeResult(std::span<const std::uint8_t> bytes);

}  // namespace soleus
