/// Sound that the program makes or reads itself, as a GStreamer source.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "pipeline/core/result.h"

namespace soleus {

/// Interleaved samples of both channels.
struct SoundBlock {
  std::vector<std::uint8_t> bytes;
  std::int64_t startNs = 0;  ///< running time of the first sample
  std::int64_t endNs = 0;    ///< and of the one after the last
};

struct MadeSound {
  std::string format;  ///< of GStreamer: S24LE, F32LE
  int rateHz = 0;
  std::int64_t endNs = 0;  ///< announced
  /// The next block; one without bytes ends the sound. Called on a streaming thread, until the end of the
  /// pipeline's run.
  std::function<Result<SoundBlock>()> next;
};

/// Adds a source of two channels to `pipeline`; nullptr where GStreamer's appsrc is not installed. An error
/// of `next` becomes that of the pipeline.
GstElement* addSoundSource(GstElement* pipeline, MadeSound sound);

}  // namespace soleus
