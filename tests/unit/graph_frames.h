/// Frames of a small phantom, as the graph takes them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "calibration/phantom/phantom.h"
#include "pipeline/core/frame.h"
#include "pipeline/graph/measurement_graph.h"

namespace soleus::testing {

/// What a screen showed, and its calibration.
struct Recording {
  CalibrationProfile profile;
  std::vector<Frame> frames;
};

inline constexpr int kFrameRateHz = 25;

/// Speeds at which scanners scroll and sweep: a sweep of the 200 columns takes 1.86 s.
inline double secondsPerColumn(const std::string& mode) {
  return mode == "scroll" ? 0.004 : 0.0093;
}

/// The regions of `count` frames of a 320 x 320 screen at 25 frames a second, with a burst of flow from 0.6 s
/// and B-mode.
inline Recording record(const std::string& mode, int count) {
  const std::string yaml =
      "schema: soleus.scenario/1\nname: graph\nduration_s: " + std::to_string(count / kFrameRateHz + 2) +
      "\nscanner: {transmit_frequency_hz: 4.4e6, prf_hz: 4600, angle_degrees: 60, wall_filter_hz: 69, "
      "dynamic_range_db: 50}\n"
      "display: {width: 320, height: 320, frame_rate_numerator: 25, mode: " +
      mode + ", seconds_per_column: " + std::to_string(secondsPerColumn(mode)) +
      ", doppler_region: {x: 20, y: 180, width: 200, height: 96}, "
      "bmode_region: {x: 80, y: 40, width: 120, height: 110}, bmode_mm_per_pixel: 0.2, toward_heart: up}\n"
      "flow: {rest_peak_cm_s: 12, breath_rate_hz: 0.25, breath_modulation_percent: 20, heart_rate_hz: 1, "
      "heart_modulation_percent: 5, vein_diameter_mm: 8}\n"
      "contractions: {first_s: 0.6, interval_s: 2, count: 1, duration_s: 0.5, peak_cm_s: 60, pause_s: 0.2, "
      "refill_time_constant_s: 1, area_narrowing_percent: 40}\n"
      "video: {codec: ffv1}\nnoise: {snr_db: 18}\n";
  auto phantom = Phantom::parse(yaml, "graph", 7);
  EXPECT_TRUE(phantom.ok()) << (phantom.ok() ? "" : phantom.error().sentence());
  if (!phantom.ok()) return {};
  Recording recording{phantom.value()->profile(), {}};
  cv::Mat i420;
  for (int n = 0; n < count; ++n) {
    phantom.value()->render(n, i420);
    const auto grey = [&](const Region& r) {
      cv::Mat full;
      i420(cv::Rect(r.x, r.y, r.width, r.height)).convertTo(full, CV_8U, 255.0 / 219, -16 * 255.0 / 219);
      return full;
    };
    recording.frames.push_back({static_cast<std::uint64_t>(n),
                                {n * (1'000'000'000LL / kFrameRateHz)},
                                grey(recording.profile.doppler->region),
                                grey(recording.profile.bmode->region)});
  }
  return recording;
}

}  // namespace soleus::testing
