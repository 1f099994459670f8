#include "plugins/common/black_out.h"

#include <algorithm>
#include <cstring>

#include "plugins/common/video_component.h"

namespace soleus {
namespace {

std::uint8_t blackOf(const GstVideoInfo& info, guint component) {
  if (GST_VIDEO_INFO_IS_RGB(&info)) return 0;
  if (component != GST_VIDEO_COMP_Y) return 128;  // no colour
  return info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255 ? 0 : 16;
}

void fill(std::uint8_t* row, int begin, int end, std::ptrdiff_t sampleBytes, std::uint8_t value) {
  if (sampleBytes == 1) {
    std::memset(row + begin, value, static_cast<std::size_t>(std::max(0, end - begin)));
    return;
  }
  for (int x = begin; x < end; ++x) row[x * sampleBytes] = value;
}

}  // namespace

void blackOut(GstVideoFrame& frame, const std::vector<Region>& kept) {
  const GstVideoInfo& info = frame.info;
  const Region all{0, 0, GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info)};
  for (guint n = 0; n < GST_VIDEO_INFO_N_COMPONENTS(&info); ++n) {
    if (GST_VIDEO_INFO_HAS_ALPHA(&info) && n == GST_VIDEO_COMP_A) continue;
    const std::uint8_t black = blackOf(info, n);
    const VideoComponent whole = componentOf(frame, n, all);
    std::vector<VideoComponent> parts;
    for (const Region& region : kept) parts.push_back(componentOf(frame, n, region));
    std::ranges::sort(parts, {}, &VideoComponent::firstX);
    for (int y = 0; y < whole.height; ++y) {
      auto* row = const_cast<std::uint8_t*>(whole.row(y));
      int done = 0;
      for (const VideoComponent& part : parts) {
        if (y < part.firstY || y >= part.firstY + part.height) continue;
        fill(row, done, part.firstX, whole.sampleBytes, black);
        done = std::max(done, part.firstX + part.width);
      }
      fill(row, done, whole.width, whole.sampleBytes, black);
    }
  }
}

}  // namespace soleus
