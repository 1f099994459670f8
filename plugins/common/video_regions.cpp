#include "plugins/common/video_regions.h"

#include <algorithm>
#include <opencv2/core/hal/intrin.hpp>
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

/// Limited range, black 16 and white 235 (ITU-R BT.601 and BT.709), to 0..255, as rounded as convertTo() does
/// it: this sees every measured pixel of every frame.
cv::Mat stretched(const cv::Mat& luma) {
  // d steps above black become d + 36/219 d.
  constexpr int kBlack = 16;
  constexpr int kMore = 65536 * 36 / 219;
  constexpr int kHalf = 128;
  const cv::v_uint16x8 share = cv::v_setall_u16(kMore);
  const cv::v_uint16x8 half = cv::v_setall_u16(kHalf);
  const cv::v_uint16x8 upper = cv::v_setall_u16(0xFF00);
  cv::Mat grey(luma.size(), CV_8UC1);
  for (int y = 0; y < luma.rows; ++y) {
    const auto* in = luma.ptr<std::uint8_t>(y);
    auto* out = grey.ptr<std::uint8_t>(y);
    int x = 0;
    for (; x + cv::v_uint8x16::nlanes <= luma.cols; x += cv::v_uint8x16::nlanes) {
      const cv::v_uint8x16 above = cv::v_load(in + x) - cv::v_setall_u8(kBlack);  // saturates at 0
      // Two neighbours in 16 bits, each in turn as the upper byte.
      const cv::v_uint16x8 pairs = cv::v_reinterpret_as_u16(above);
      const cv::v_uint16x8 more = ((cv::v_mul_hi(pairs & upper, share) + half) & upper) |
                                  cv::v_shr<8>(cv::v_mul_hi(cv::v_shl<8>(pairs), share) + half);
      cv::v_store(out + x, above + cv::v_reinterpret_as_u8(more));  // saturates at 255
    }
    for (; x < luma.cols; ++x) {
      const int above = std::max(in[x] - kBlack, 0);
      out[x] = cv::saturate_cast<std::uint8_t>(above + ((((above << 8) * kMore >> 16) + kHalf) >> 8));
    }
  }
  return grey;
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
  if (info.colorimetry.range != GST_VIDEO_COLOR_RANGE_0_255) return stretched(luma);
  luma.copyTo(grey);
  return grey;
}

}  // namespace soleus
