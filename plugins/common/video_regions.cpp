#include "plugins/common/video_regions.h"

#include <opencv2/imgproc.hpp>

#include "plugins/common/video_component.h"

namespace soleus {
namespace {

/// The component as a picture: the frame's own memory where its samples lie side by side.
cv::Mat planeOf(const GstVideoFrame& frame, guint component, const Region& region) {
  const VideoComponent c = componentOf(frame, component, region);
  if (c.sampleBytes == 1) {
    return {c.height, c.width, CV_8UC1, const_cast<std::uint8_t*>(c.first),
            static_cast<std::size_t>(c.strideBytes)};
  }
  cv::Mat plane(c.height, c.width, CV_8UC1);
  for (int y = 0; y < c.height; ++y) {
    const std::uint8_t* in = c.row(y);
    std::uint8_t* out = plane.ptr(y);
    for (int x = 0; x < c.width; ++x) out[x] = in[x * c.sampleBytes];
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
    cv::addWeighted(planeOf(frame, GST_VIDEO_COMP_R, region), 0.299, planeOf(frame, GST_VIDEO_COMP_G, region),
                    0.587, 0, weighted, CV_32F);
    cv::Mat blue;
    planeOf(frame, GST_VIDEO_COMP_B, region).convertTo(blue, CV_32F, 0.114);
    weighted += blue;
    weighted.convertTo(grey, CV_8U);
    return grey;
  }
  const cv::Mat luma = planeOf(frame, GST_VIDEO_COMP_Y, region);
  const bool full = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  // Limited range: black 16, white 235 (ITU-R BT.601 and BT.709). convertTo copies in either case.
  luma.convertTo(grey, CV_8U, full ? 1.0 : 255.0 / 219.0, full ? 0.0 : -16.0 * 255.0 / 219.0);
  return grey;
}

}  // namespace soleus
