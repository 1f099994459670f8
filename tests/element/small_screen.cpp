#include "tests/element/small_screen.h"

#include <gtest/gtest.h>

#include "calibration/phantom/phantom.h"
#include "calibration/profile/profile.h"

namespace soleus::testing {
namespace {

constexpr const char* kScenario =
    "schema: soleus.scenario/1\nname: small screen\nduration_s: 3\n"
    "scanner: {transmit_frequency_hz: 4.4e6, prf_hz: 4600, angle_degrees: 60, wall_filter_hz: 69, "
    "dynamic_range_db: 50}\n"
    "display: {width: 320, height: 320, frame_rate_numerator: 25, mode: scroll, seconds_per_column: 0.004, "
    "doppler_region: {x: 21, y: 181, width: 199, height: 96}, "
    "bmode_region: {x: 80, y: 40, width: 120, height: 110}, bmode_mm_per_pixel: 0.2, toward_heart: up}\n"
    "video: {codec: mjpeg, quality_percent: 95}\n"
    "flow: {rest_peak_cm_s: 12, breath_rate_hz: 0.25, breath_modulation_percent: 20, heart_rate_hz: 1, "
    "heart_modulation_percent: 5, vein_diameter_mm: 8}\n"
    "contractions: {first_s: 1, interval_s: 2, count: 1, duration_s: 0.5, peak_cm_s: 60, pause_s: 0.2, "
    "refill_time_constant_s: 1, area_narrowing_percent: 40}\n"
    "noise: {snr_db: 18}\n";

SmallScreen draw() {
  auto phantom = Phantom::parse(kScenario, "small screen", 3);
  EXPECT_TRUE(phantom.ok()) << (phantom.ok() ? "" : phantom.error().sentence());
  SmallScreen screen{kScenario, phantom.value()->profile(), profileYaml(phantom.value()->profile()), {}};
  EXPECT_EQ(phantom.value()->frameCount(), SmallScreen::kFrames);
  for (int n = 0; n < SmallScreen::kFrames; ++n) {
    cv::Mat i420;
    phantom.value()->render(n, i420);
    screen.frames.push_back(i420);
  }
  return screen;
}

}  // namespace

const SmallScreen& smallScreen() {
  static const SmallScreen kScreen = draw();
  return kScreen;
}

Owned<GstBuffer> frameBuffer(int number, GstClockTime pts) {
  const auto& frames = smallScreen().frames;
  const cv::Mat& i420 = frames[static_cast<std::size_t>(number) % frames.size()];
  Owned<GstBuffer> buffer(gst_buffer_new_memdup(i420.data, i420.total()));
  GST_BUFFER_PTS(buffer.get()) = pts;
  GST_BUFFER_DURATION(buffer.get()) = SmallScreen::kFrameNs;
  return buffer;
}

std::string screenCaps(const std::string& format, int sizePx) {
  const std::string size = std::to_string(sizePx);
  return "video/x-raw, format=(string)" + format + ", width=(int)" + size + ", height=(int)" + size +
         ", framerate=(fraction)25/1, colorimetry=(string)bt709";
}

}  // namespace soleus::testing
