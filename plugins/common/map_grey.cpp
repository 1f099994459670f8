#include "plugins/common/map_grey.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

#include "plugins/common/video_component.h"
#include "plugins/common/video_regions.h"

namespace soleus {
namespace {

// A tint pulls chroma to one side in proportion to the grey, codec and grabber noise to all sides: signed
// sums over the region tell them apart. In steps of chroma for each step of full-range grey: a real grey
// recording in coarse MPEG-4 reaches 0.032, a sepia map 0.13, a blue one 0.33.
constexpr double kTintedFrom = 0.07;
// Smaller deviations, as of a whole dark background by one step, count as none.
constexpr int kNeutralWithin = 3;
// One sample in three, across and down, is looked at: enough of a spectrum, and out of step with the blocks
// of a codec. Every eighth row of the same recording reached 0.071.
constexpr int kEvery = 3;
constexpr int kNeutralChroma = 128;

using Rgb = std::array<VideoComponent, 3>;

Rgb rgbOf(const GstVideoFrame& frame, const Region& region) {
  return {componentOf(frame, GST_VIDEO_COMP_R, region), componentOf(frame, GST_VIDEO_COMP_G, region),
          componentOf(frame, GST_VIDEO_COMP_B, region)};
}

/// Mean deviation from grey of a component's samples, each told by `deviationOf` from it and from the sample
/// of `neutral` at its place.
template <class DeviationOf>
double meanDeviation(const VideoComponent& c, const VideoComponent& neutral, DeviationOf deviationOf) {
  int sum = 0;
  int count = 0;
  for (int y = 0; y < c.height; y += kEvery) {
    const std::uint8_t* sample = c.row(y);
    const std::uint8_t* other = neutral.row(y);
    for (int x = 0; x < c.width; x += kEvery) {
      const int deviation = deviationOf(sample[x * c.sampleBytes], other[x * neutral.sampleBytes]);
      sum += std::abs(deviation) > kNeutralWithin ? deviation : 0;
      ++count;
    }
  }
  return static_cast<double>(sum) / count;
}

bool isTinted(double firstDeviation, double secondDeviation, const cv::Mat& grey) {
  const double deviation = std::max(std::abs(firstDeviation), std::abs(secondDeviation));
  return deviation > 0 && deviation > kTintedFrom * cv::mean(grey)[0];
}

cv::Mat largestOf(const Rgb& rgb) {
  const auto& [r, g, b] = rgb;
  cv::Mat largest(r.height, r.width, CV_8UC1);
  for (int y = 0; y < r.height; ++y) {
    std::uint8_t* out = largest.ptr(y);
    for (int x = 0; x < r.width; ++x) {
      out[x] =
          std::max({r.row(y)[x * r.sampleBytes], g.row(y)[x * g.sampleBytes], b.row(y)[x * b.sampleBytes]});
    }
  }
  return largest;
}

/// How far the largest of R, G and B lies above luma, in full-range grey for each step of chroma.
struct Lift {
  double redPerV = 0;
  double greenPerU = 0;
  double greenPerV = 0;
  double bluePerU = 0;

  explicit Lift(const GstVideoColorimetry& colorimetry) {
    double kr = 0;
    double kb = 0;
    // What does not say its matrix is standard definition.
    if (gst_video_color_matrix_get_Kr_Kb(colorimetry.matrix, &kr, &kb) == FALSE)
      gst_video_color_matrix_get_Kr_Kb(GST_VIDEO_COLOR_MATRIX_BT601, &kr, &kb);
    // Limited range spans 224 steps of chroma (ITU-R BT.601 and BT.709).
    const double step = colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255 ? 1.0 : 255.0 / 224.0;
    redPerV = step * 2 * (1 - kr);
    bluePerU = step * 2 * (1 - kb);
    greenPerU = -bluePerU * kb / (1 - kr - kb);
    greenPerV = -redPerV * kr / (1 - kr - kb);
  }
  [[nodiscard]] int of(int u, int v) const {
    const double largest = std::max({redPerV * v, greenPerU * u + greenPerV * v, bluePerU * u});
    return static_cast<int>(largest + 0.5);  // never negative: luma is a mean of the three
  }
};

void addLift(const Lift& lift, const VideoComponent& u, const VideoComponent& v, const Region& region,
             cv::Mat& grey) {
  std::vector<int> lifts(static_cast<std::size_t>(u.width));
  int liftedRow = -1;
  for (int y = 0; y < grey.rows; ++y) {
    const int sampleRow = ((region.y + y) >> u.shiftY) - u.firstY;
    if (sampleRow != liftedRow) {
      liftedRow = sampleRow;
      for (int x = 0; x < u.width; ++x) {
        lifts[static_cast<std::size_t>(x)] = lift.of(u.row(sampleRow)[x * u.sampleBytes] - kNeutralChroma,
                                                     v.row(sampleRow)[x * v.sampleBytes] - kNeutralChroma);
      }
    }
    std::uint8_t* out = grey.ptr(y);
    for (int x = 0; x < grey.cols; ++x) {
      const int sample = ((region.x + x) >> u.shiftX) - u.firstX;
      out[x] = cv::saturate_cast<std::uint8_t>(out[x] + lifts[static_cast<std::size_t>(sample)]);
    }
  }
}

}  // namespace

cv::Mat greyOfMap(const GstVideoFrame& frame, const Region& region) {
  cv::Mat grey = greyOfRegion(frame, region);
  if (GST_VIDEO_INFO_IS_GRAY(&frame.info)) return grey;
  if (GST_VIDEO_INFO_IS_RGB(&frame.info)) {
    const Rgb rgb = rgbOf(frame, region);
    // Chroma is about half of a difference of colours.
    const auto asChroma = [](int colour, int green) { return (colour - green) / 2; };
    const double red = meanDeviation(rgb[0], rgb[1], asChroma);
    const double blue = meanDeviation(rgb[2], rgb[1], asChroma);
    return isTinted(red, blue, grey) ? largestOf(rgb) : grey;
  }
  const VideoComponent u = componentOf(frame, GST_VIDEO_COMP_U, region);
  const VideoComponent v = componentOf(frame, GST_VIDEO_COMP_V, region);
  const auto fromNeutral = [](int chroma, int) { return chroma - kNeutralChroma; };
  if (isTinted(meanDeviation(u, u, fromNeutral), meanDeviation(v, v, fromNeutral), grey))
    addLift(Lift(frame.info.colorimetry), u, v, region, grey);
  return grey;
}

}  // namespace soleus
