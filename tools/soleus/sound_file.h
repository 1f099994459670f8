/// The samples of a sound file, of any format that GStreamer decodes and with any number of channels.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// Consecutive samples, valid during the call alone.
struct SoundSamples {
  const float* values = nullptr;  ///< interleaved, full scale 1
  std::size_t count = 0;          ///< of each channel
  int channels = 0;
  int rateHz = 0;
};

/// Decodes the whole file; `take` is called on a streaming thread, in order. Errors (kBadInput): no sound, or
/// not to be decoded to its end.
Status readSound(const std::string& path, const std::function<void(const SoundSamples&)>& take);

}  // namespace soleus
