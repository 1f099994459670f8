#include "plugins/common/video_regions.h"

#include <opencv2/imgproc.hpp>

namespace soleus {
namespace {

/// Byte offset and pixel stride of a component come from GStreamer, so one line serves every packed format.
cv::Mat componentOf(const GstVideoFrame& frame, int component, const Region& region) {
  const int stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame, component);
  const int pixelStride = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, component);
  auto* first = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame, component)) +
                static_cast<std::ptrdiff_t>(region.y) * stride +
                static_cast<std::ptrdiff_t>(region.x) * pixelStride;
  if (pixelStride == 1)
    return {region.height, region.width, CV_8UC1, first, static_cast<std::size_t>(stride)};
  cv::Mat plane(region.height, region.width, CV_8UC1);
  for (int y = 0; y < region.height; ++y) {
    const std::uint8_t* in = first + static_cast<std::ptrdiff_t>(y) * stride;
    std::uint8_t* out = plane.ptr(y);
    for (int x = 0; x < region.width; ++x) out[x] = in[static_cast<std::ptrdiff_t>(x) * pixelStride];
  }
  return plane;
}

}  // namespace

cv::Mat greyOfRegion(const GstVideoFrame& frame, const Region& region) {
  const GstVideoInfo& info = frame.info;
  cv::Mat grey;
  if (GST_VIDEO_INFO_IS_RGB(&info)) {
    cv::Mat weighted;
    // BT.601 luma: screens are grey where we measure, so any weights that sum to one serve.
    cv::addWeighted(componentOf(frame, GST_VIDEO_COMP_R, region), 0.299,
                    componentOf(frame, GST_VIDEO_COMP_G, region), 0.587, 0, weighted, CV_32F);
    cv::Mat blue;
    componentOf(frame, GST_VIDEO_COMP_B, region).convertTo(blue, CV_32F, 0.114);
    weighted += blue;
    weighted.convertTo(grey, CV_8U);
    return grey;
  }
  const cv::Mat luma = componentOf(frame, GST_VIDEO_COMP_Y, region);
  const bool full = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  // Limited range: black 16, white 235 (ITU-R BT.601 and BT.709). convertTo copies in either case.
  luma.convertTo(grey, CV_8U, full ? 1.0 : 255.0 / 219.0, full ? 0.0 : -16.0 * 255.0 / 219.0);
  return grey;
}

}  // namespace soleus
