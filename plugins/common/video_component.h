/// One colour component of a mapped frame where a region covers it, whatever the format.
#pragma once

#include <gst/video/video.h>

#include <cstddef>
#include <cstdint>

#include "pipeline/core/calibration.h"

namespace soleus {

/// Samples [0, width) x [0, height) of a component; valid while the frame is mapped. A subsampled component
/// has fewer than the region has pixels: pixel x belongs to sample ((region.x + x) >> shiftX) - firstX.
struct VideoComponent {
  const std::uint8_t* first = nullptr;
  std::ptrdiff_t strideBytes = 0;
  std::ptrdiff_t sampleBytes = 0;  ///< from one sample to the next
  int width = 0;
  int height = 0;
  int shiftX = 0;
  int shiftY = 0;
  int firstX = 0;
  int firstY = 0;

  [[nodiscard]] const std::uint8_t* row(int y) const { return first + y * strideBytes; }
};

/// Byte offset and pixel stride of a component come from GStreamer, so one line serves every packed format.
inline VideoComponent componentOf(const GstVideoFrame& frame, guint component, const Region& region) {
  VideoComponent c;
  c.strideBytes = GST_VIDEO_FRAME_COMP_STRIDE(&frame, component);
  c.sampleBytes = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, component);
  c.shiftX = static_cast<int>(GST_VIDEO_FORMAT_INFO_W_SUB(frame.info.finfo, component));
  c.shiftY = static_cast<int>(GST_VIDEO_FORMAT_INFO_H_SUB(frame.info.finfo, component));
  c.firstX = region.x >> c.shiftX;
  c.firstY = region.y >> c.shiftY;
  c.width = ((region.x + region.width - 1) >> c.shiftX) - c.firstX + 1;
  c.height = ((region.y + region.height - 1) >> c.shiftY) - c.firstY + 1;
  c.first = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame, component)) +
            c.firstY * c.strideBytes + c.firstX * c.sampleBytes;
  return c;
}

}  // namespace soleus
