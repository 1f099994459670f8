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

// A tint pulls chroma to one side in proportion to the grey, codec and grabber noise to all sides, and
// coloured marks cover little. So the bright samples vote, each by its chroma beside its own grey: the answer
// is the same however much flow is shown. In steps of chroma for each step of full-range grey, a pale sepia
// map (255, 230, 190) has 0.091, a blue one 0.33. In single frames of a real grey recording, whatever the
// codec, up to 0.24 of the votes lie on one side.
constexpr double kTintedFrom = 0.07;
constexpr double kMajority = 0.5;
constexpr int kBrightFrom = 24;  // darker ones are rounded too coarsely
// In a strip without flow, marks might have the majority: the real recording shows at least 0.06, at rest.
constexpr double kLeastBrightShare = 0.04;
// One sample in three, across and down, is looked at: enough of a spectrum, and out of step with the blocks
// of a codec.
constexpr int kEvery = 3;
constexpr int kNeutralChroma = 128;

using Rgb = std::array<VideoComponent, 3>;

Rgb rgbOf(const GstVideoFrame& frame, const Region& region) {
  return {componentOf(frame, GST_VIDEO_COMP_R, region), componentOf(frame, GST_VIDEO_COMP_G, region),
          componentOf(frame, GST_VIDEO_COMP_B, region)};
}

/// Mean grey of the pixels that sample (x, y) of a component belongs to.
int greyUnder(const cv::Mat& grey, const VideoComponent& c, const Region& region, int x, int y) {
  const int left = ((c.firstX + x) << c.shiftX) - region.x;
  const int top = ((c.firstY + y) << c.shiftY) - region.y;
  int sum = 0;
  int count = 0;
  for (int row = std::max(top, 0); row < std::min(top + (1 << c.shiftY), grey.rows); ++row) {
    for (int column = std::max(left, 0); column < std::min(left + (1 << c.shiftX), grey.cols); ++column) {
      sum += grey.at<std::uint8_t>(row, column);
      ++count;
    }
  }
  return sum / count;
}

/// Whether so many samples deviate at all that most bright ones might: nearly always no, for a grey map, and
/// told without a look at the grey.
template <class DeviationOf>
bool mayLean(const VideoComponent& c, const VideoComponent& neutral, DeviationOf deviationOf) {
  constexpr int kLeastVote = 2;  // of a sample that is just bright, with its own chroma counted
  static_assert(kLeastVote - 1 <= kTintedFrom * (kBrightFrom - kLeastVote + 1));
  int seen = 0;
  int deviate = 0;
  for (int y = 0; y < c.height; y += kEvery) {
    const std::uint8_t* sample = c.row(y);
    const std::uint8_t* other = neutral.row(y);
    for (int x = 0; x < c.width; x += kEvery) {
      ++seen;
      deviate +=
          std::abs(deviationOf(sample[x * c.sampleBytes], other[x * neutral.sampleBytes])) >= kLeastVote;
    }
  }
  return deviate > kMajority * kLeastBrightShare * seen;
}

/// Whether most bright samples of a component lean to one side: `deviationOf` tells it of a sample and of
/// that of `neutral` at its place.
template <class DeviationOf>
bool leans(const VideoComponent& c, const VideoComponent& neutral, const Region& region, const cv::Mat& grey,
           DeviationOf deviationOf) {
  if (!mayLean(c, neutral, deviationOf)) return false;
  int seen = 0;
  int bright = 0;
  int votes = 0;
  for (int y = 0; y < c.height; y += kEvery) {
    const std::uint8_t* sample = c.row(y);
    const std::uint8_t* other = neutral.row(y);
    for (int x = 0; x < c.width; x += kEvery) {
      const int greyHere = greyUnder(grey, c, region, x, y);
      const int deviation = deviationOf(sample[x * c.sampleBytes], other[x * neutral.sampleBytes]);
      ++seen;
      // A deep blue has hardly any luma.
      if (greyHere + std::abs(deviation) < kBrightFrom) continue;
      ++bright;
      if (std::abs(deviation) > kTintedFrom * greyHere) votes += deviation > 0 ? 1 : -1;
    }
  }
  return bright >= kLeastBrightShare * seen && std::abs(votes) > kMajority * bright;
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

cv::Mat greyOfMap(const GstVideoFrame& frame, const Region& region, bool& tinted) {
  cv::Mat grey = greyOfRegion(frame, region);
  if (GST_VIDEO_INFO_IS_GRAY(&frame.info)) return grey;
  if (GST_VIDEO_INFO_IS_RGB(&frame.info)) {
    const Rgb rgb = rgbOf(frame, region);
    const auto& [r, g, b] = rgb;
    // Chroma is about half of a difference of colours.
    const auto asChroma = [](int colour, int green) { return (colour - green) / 2; };
    tinted = tinted || leans(r, g, region, grey, asChroma) || leans(b, g, region, grey, asChroma);
    return tinted ? largestOf(rgb) : grey;
  }
  const VideoComponent u = componentOf(frame, GST_VIDEO_COMP_U, region);
  const VideoComponent v = componentOf(frame, GST_VIDEO_COMP_V, region);
  const auto fromNeutral = [](int chroma, int) { return chroma - kNeutralChroma; };
  tinted = tinted || leans(u, u, region, grey, fromNeutral) || leans(v, v, region, grey, fromNeutral);
  if (tinted) addLift(Lift(frame.info.colorimetry), u, v, region, grey);
  return grey;
}

}  // namespace soleus
