/// How a scenario wants its video compressed; the encoding itself is the business of who writes the file.
#pragma once

#include <string>

namespace soleus {

/// `quality` means, by codec: h264 its constant rate factor (0 lossless to 51 worst), mjpeg percent (1 worst
/// to 100 best), mpeg4 its quantiser (1 best to 31 worst); ffv1 is lossless and has none (0).
struct VideoEncoding {
  std::string codec = "h264";  ///< h264 | mjpeg | mpeg4 | ffv1
  int quality = 20;
  bool operator==(const VideoEncoding&) const = default;
};

}  // namespace soleus
