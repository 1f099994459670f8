// Every format that the tracker takes is read as the same grey.
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <regex>

#include "plugins/common/map_grey.h"
#include "plugins/common/stream_formats.h"
#include "plugins/common/video_regions.h"
#include "tests/element/small_screen.h"

namespace soleus::testing {
namespace {

std::vector<std::string> formats(bool rgbOnly = false) {
  const std::string list = SOLEUS_VIDEO_FORMATS;
  const std::regex word("[A-Za-z0-9]+");
  std::vector<std::string> names;
  for (std::sregex_iterator it(list.begin(), list.end(), word), end; it != end; ++it) {
    const auto* format = gst_video_format_get_info(gst_video_format_from_string(it->str().c_str()));
    if (!rgbOnly || GST_VIDEO_FORMAT_INFO_IS_RGB(format)) names.push_back(it->str());
  }
  return names;
}

GstVideoInfo infoOf(const std::string& format, GstVideoColorRange range) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, gst_video_format_from_string(format.c_str()), SmallScreen::kSizePx,
                            SmallScreen::kSizePx);
  if (GST_VIDEO_INFO_IS_RGB(&info)) return info;
  gst_video_colorimetry_from_string(&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  info.colorimetry.range = range;
  return info;
}

/// From the phantom's own limited-range luma: 16 is black, 235 white.
double trueGrey(int x, int y) {
  const int luma = smallScreen().frames[40].at<std::uint8_t>(y, x);
  return std::clamp((luma - 16) * 255.0 / 219.0, 0.0, 255.0);
}

/// Frame 40 of the small screen, written by hand: as RGB, or as I420 of that range.
Owned<GstBuffer> byHand(bool rgb, GstVideoColorRange range) {
  constexpr int kSize = SmallScreen::kSizePx;
  const cv::Mat& phantom = smallScreen().frames[40];
  if (!rgb && range == GST_VIDEO_COLOR_RANGE_16_235)
    return Owned<GstBuffer>(gst_buffer_new_memdup(phantom.data, phantom.total()));
  std::vector<std::uint8_t> bytes;
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x)
      bytes.insert(bytes.end(), rgb ? 3 : 1, static_cast<std::uint8_t>(std::lround(trueGrey(x, y))));
  }
  if (!rgb) bytes.insert(bytes.end(), kSize * kSize / 2, 128);
  return Owned<GstBuffer>(gst_buffer_new_memdup(bytes.data(), bytes.size()));
}

/// The same picture in another format, repacked by GStreamer's own converter. Colours and range stay: from
/// YUV to RGB or from one range to the other, its quick ways are off by several values.
Owned<GstBuffer> repacked(GstBuffer* in, GstVideoInfo from, GstVideoInfo into) {
  Owned<GstBuffer> out(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&into), nullptr));
  const std::unique_ptr<GstVideoConverter, decltype(&gst_video_converter_free)> converter(
      gst_video_converter_new(&from, &into, nullptr), gst_video_converter_free);
  GstVideoFrame source;
  GstVideoFrame target;
  EXPECT_TRUE(gst_video_frame_map(&source, &from, in, GST_MAP_READ));
  EXPECT_TRUE(gst_video_frame_map(&target, &into, out.get(), GST_MAP_WRITE));
  gst_video_converter_frame(converter.get(), &source, &target);
  gst_video_frame_unmap(&source);
  gst_video_frame_unmap(&target);
  return out;
}

cv::Mat greyOf(GstBuffer* buffer, GstVideoInfo info, const Region& region, bool map = false) {
  GstVideoFrame frame;
  EXPECT_TRUE(gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ));
  bool tinted = false;
  cv::Mat grey = map ? greyOfMap(frame, region, tinted) : greyOfRegion(frame, region);
  gst_video_frame_unmap(&frame);
  return grey;
}

cv::Mat greyIn(const std::string& format, GstVideoColorRange range, const Region& region) {
  const GstVideoInfo info = infoOf(format, range);
  const bool rgb = GST_VIDEO_INFO_IS_RGB(&info);
  const auto source = byHand(rgb, range);
  return greyOf(repacked(source.get(), infoOf(rgb ? "RGB" : "I420", range), info).get(), info, region);
}

class VideoFormat : public ::testing::TestWithParam<std::string> {};

TEST_P(VideoFormat, isReadAsTheSameGrey) {
  for (const auto range : {GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_RANGE_0_255}) {
    for (const Region& region :
         {smallScreen().profile.doppler->region, smallScreen().profile.bmode->region}) {
      const cv::Mat grey = greyIn(GetParam(), range, region);
      ASSERT_EQ(grey.type(), CV_8UC1);
      ASSERT_EQ(grey.size(), cv::Size(region.width, region.height));
      double worst = 0;
      double brightest = 0;
      for (int y = 0; y < region.height; ++y) {
        for (int x = 0; x < region.width; ++x) {
          const double truth = trueGrey(region.x + x, region.y + y);
          worst = std::max(worst, std::abs(grey.at<std::uint8_t>(y, x) - truth));
          brightest = std::max(brightest, truth);
        }
      }
      // Rounding to whole values, once by hand for a full-range picture and once by what is tested.
      EXPECT_LE(worst, 1.0) << (range == GST_VIDEO_COLOR_RANGE_0_255 ? "full" : "limited") << " range";
      EXPECT_GT(brightest, 100) << "a black picture would prove nothing";
    }
  }
}

/// Bars of a blue map, four pixels wide, so that no format mixes two of them, and each with its blue alone.
struct BlueBars {
  std::vector<std::uint8_t> rgb;
  cv::Mat blue = cv::Mat(SmallScreen::kSizePx, SmallScreen::kSizePx, CV_8UC1);

  BlueBars() {
    for (int y = 0; y < SmallScreen::kSizePx; ++y) {
      for (int x = 0; x < SmallScreen::kSizePx; ++x) {
        const auto b = static_cast<std::uint8_t>(x / 4 * 4 % 256);
        blue.at<std::uint8_t>(y, x) = b;
        rgb.insert(rgb.end(), {static_cast<std::uint8_t>(b / 4), static_cast<std::uint8_t>(b / 2), b});
      }
    }
  }
};

TEST_P(VideoFormat, ofAGreyMapIsReadAsItsLuma) {
  const GstVideoInfo info = infoOf(GetParam(), GST_VIDEO_COLOR_RANGE_16_235);
  const bool rgb = GST_VIDEO_INFO_IS_RGB(&info);
  const auto source = byHand(rgb, GST_VIDEO_COLOR_RANGE_16_235);
  const auto from = infoOf(rgb ? "RGB" : "I420", GST_VIDEO_COLOR_RANGE_16_235);
  const auto buffer = repacked(source.get(), from, info);
  const Region& region = smallScreen().profile.doppler->region;
  const cv::Mat luma = greyOf(buffer.get(), info, region);
  EXPECT_EQ(cv::norm(luma, greyOf(buffer.get(), info, region, true), cv::NORM_INF), 0);
}

TEST_P(VideoFormat, ofATintedMapIsReadAsItsStrongestColour) {
  if (GetParam() == "GRAY8") return;
  const BlueBars bars;
  const Owned<GstBuffer> source(gst_buffer_new_memdup(bars.rgb.data(), bars.rgb.size()));
  const Region odd{11, 13, 277, 31};
  for (const auto range : {GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_RANGE_0_255}) {
    for (const char* colorimetry : {GST_VIDEO_COLORIMETRY_BT601, GST_VIDEO_COLORIMETRY_BT709}) {
      GstVideoInfo info = infoOf(GetParam(), range);
      if (!GST_VIDEO_INFO_IS_RGB(&info)) {
        gst_video_colorimetry_from_string(&info.colorimetry, colorimetry);
        info.colorimetry.range = range;
      }
      GstVideoInfo from = infoOf("RGB", range);
      from.colorimetry.primaries = info.colorimetry.primaries;
      from.colorimetry.transfer = info.colorimetry.transfer;
      const auto buffer = repacked(source.get(), from, info);
      const cv::Mat map = greyOf(buffer.get(), info, odd, true);
      // Rounding of luma and chroma; blue weighs the latter nearly twice.
      const double worst = GST_VIDEO_INFO_IS_RGB(&info) ? 0 : 5;
      EXPECT_LE(cv::norm(map, bars.blue(cv::Rect(odd.x, odd.y, odd.width, odd.height)), cv::NORM_INF), worst)
          << colorimetry << (range == GST_VIDEO_COLOR_RANGE_0_255 ? " full" : " limited") << " range";
    }
  }
}

using Tint = std::array<double, 3>;

/// Strips of one stream, as RGB and as I420.
class Strips {
 public:
  /// `flowRows` of grey 150 over noise of grey 12, both with speckle, under a map of this tint; `markRows` of
  /// pure yellow.
  void read(const Tint& tint, int flowRows, int markRows = 0) {
    std::mt19937 random(7);
    std::exponential_distribution<double> power(1);
    std::vector<std::uint8_t> bytes;
    for (int y = 0; y < kSize; ++y) {
      for (int x = 0; x < kSize; ++x) {
        const double level = y < flowRows ? 150 : 12;
        const double grey = std::clamp(level + 10 * std::log10(power(random) + 1e-9) * 255 / 60, 0.0, 255.0);
        for (std::size_t i = 0; i < tint.size(); ++i) {
          const bool mark = y >= kSize - markRows;
          bytes.push_back(static_cast<std::uint8_t>(std::lround(mark ? (i < 2 ? 255 : 0) : grey * tint[i])));
        }
      }
    }
    const Owned<GstBuffer> rgb(gst_buffer_new_memdup(bytes.data(), bytes.size()));
    const GstVideoInfo from = infoOf("RGB", GST_VIDEO_COLOR_RANGE_16_235);
    readAs(rgb.get(), from, rgbTinted);
    const GstVideoInfo into = infoOf("I420", GST_VIDEO_COLOR_RANGE_16_235);
    readAs(repacked(rgb.get(), from, into).get(), into, i420Tinted);
  }

  bool rgbTinted = false;
  bool i420Tinted = false;

 private:
  static constexpr int kSize = SmallScreen::kSizePx;

  static void readAs(GstBuffer* buffer, GstVideoInfo info, bool& tinted) {
    GstVideoFrame frame;
    ASSERT_TRUE(gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ));
    const Region region{0, 0, kSize, kSize};
    const cv::Mat grey = greyOfMap(frame, region, tinted);
    EXPECT_EQ(cv::norm(grey, greyOfRegion(frame, region), cv::NORM_INF) > 0, tinted);
    gst_video_frame_unmap(&frame);
  }
};

constexpr Tint kSepia{1, 220 / 255.0, 170 / 255.0};
constexpr Tint kPaleSepia{1, 230 / 255.0, 190 / 255.0};
constexpr Tint kDeepBlue{0, 0.1, 1};

TEST(TintedMap, isToldHoweverMuchFlowIsShown) {
  for (const Tint& tint : {kSepia, kPaleSepia, kDeepBlue}) {
    for (const int flowRows : {20, 40, 100, 300}) {
      Strips strips;
      strips.read(tint, flowRows);
      EXPECT_TRUE(strips.rgbTinted) << flowRows << " rows of flow";
      EXPECT_TRUE(strips.i420Tinted) << flowRows << " rows of flow";
    }
  }
}

TEST(TintedMap, staysSoWhereNothingIsShown) {
  Strips strips;
  for (const int flowRows : {40, 5, 100, 0}) {
    strips.read(kSepia, flowRows);
    EXPECT_TRUE(strips.rgbTinted) << flowRows << " rows of flow";
    EXPECT_TRUE(strips.i420Tinted) << flowRows << " rows of flow";
  }
}

TEST(GreyMap, isNotTintedByAColouredMark) {
  Strips strips;
  for (const int flowRows : {0, 5, 100}) strips.read({1, 1, 1}, flowRows, SmallScreen::kSizePx / 100);
  EXPECT_FALSE(strips.rgbTinted);
  EXPECT_FALSE(strips.i420Tinted);
}

class RgbFormat : public ::testing::TestWithParam<std::string> {};

// On a grey picture, swapped colours would go unseen.
TEST_P(RgbFormat, weighsColoursAsLumaDoes) {
  const GstVideoInfo info = infoOf(GetParam(), GST_VIDEO_COLOR_RANGE_16_235);
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < SmallScreen::kSizePx * SmallScreen::kSizePx; ++i)
    bytes.insert(bytes.end(), {200, 100, 50});
  const Owned<GstBuffer> source(gst_buffer_new_memdup(bytes.data(), bytes.size()));
  const GstVideoInfo rgb = infoOf("RGB", GST_VIDEO_COLOR_RANGE_16_235);
  const cv::Mat grey = greyOf(repacked(source.get(), rgb, info).get(), info, {11, 13, 5, 3});
  // ITU-R BT.601: 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
  EXPECT_EQ(cv::countNonZero(grey != 124), 0) << grey;
}

INSTANTIATE_TEST_SUITE_P(All, RgbFormat, ::testing::ValuesIn(formats(/*rgbOnly=*/true)),
                         [](const auto& each) { return each.param; });
INSTANTIATE_TEST_SUITE_P(All, VideoFormat, ::testing::ValuesIn(formats()),
                         [](const auto& each) { return each.param; });

TEST(VideoFormats, coverWhatGrabbersAndDecodersGive) {
  const auto names = formats();
  for (const char* common : {"I420", "NV12", "YUY2", "UYVY", "Y42B", "GRAY8", "BGRx", "RGB"})
    EXPECT_NE(std::find(names.begin(), names.end(), common), names.end()) << common;
}

TEST(VideoRegion, isStretchedToTheNearestGrey) {
  // Row y holds luma (x + y) modulo 256: each stands at each place of a row.
  const GstVideoInfo info = infoOf("GRAY8", GST_VIDEO_COLOR_RANGE_16_235);
  std::vector<std::uint8_t> luma;
  for (int y = 0; y < SmallScreen::kSizePx; ++y) {
    for (int x = 0; x < SmallScreen::kSizePx; ++x) luma.push_back(static_cast<std::uint8_t>(x + y));
  }
  const Owned<GstBuffer> buffer(gst_buffer_new_memdup(luma.data(), luma.size()));
  const cv::Mat grey = greyOf(buffer.get(), info, {1, 0, 301, SmallScreen::kSizePx});
  for (int y = 0; y < grey.rows; ++y) {
    for (int x = 0; x < grey.cols; ++x) {
      const int given = (1 + x + y) % 256;
      ASSERT_EQ(grey.at<std::uint8_t>(y, x),
                std::clamp<long>(std::lround((given - 16) * 255 / 219.0), 0, 255))
          << given;
    }
  }
}

TEST(VideoRegion, ownsItsPixels) {
  GstVideoInfo info = infoOf("I420", GST_VIDEO_COLOR_RANGE_0_255);
  const auto buffer = byHand(false, GST_VIDEO_COLOR_RANGE_0_255);
  GstVideoFrame frame;
  ASSERT_TRUE(gst_video_frame_map(&frame, &info, buffer.get(),
                                  static_cast<GstMapFlags>(GST_MAP_READ | GST_MAP_WRITE)));
  const cv::Mat grey = greyOfRegion(frame, {10, 20, 30, 40});
  const cv::Mat before = grey.clone();
  std::memset(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0), 77, SmallScreen::kSizePx * SmallScreen::kSizePx);
  gst_video_frame_unmap(&frame);
  EXPECT_EQ(cv::norm(grey, before, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace soleus::testing
