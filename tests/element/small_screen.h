/// The phantom that the element tests share.
#pragma once

#include <gst/gst.h>

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "pipeline/core/calibration.h"
#include "tests/element/gst_owner.h"

namespace soleus::testing {

/// Three seconds of a 320 x 320 scroll screen at 25 frames a second, with B-mode.
struct SmallScreen {
  std::string scenarioYaml;
  CalibrationProfile profile;
  std::string calibrationYaml;
  std::vector<cv::Mat> frames;  ///< I420, limited range

  static constexpr int kSizePx = 320;  ///< width and height
  static constexpr int kFrameRateHz = 25;
  static constexpr GstClockTime kFrameNs = GST_SECOND / kFrameRateHz;
  static constexpr int kFrames = 75;
};

/// Drawn once per process.
const SmallScreen& smallScreen();

/// Frame `number` (again from the first after the last) as a buffer with this PTS.
Owned<GstBuffer> frameBuffer(int number, GstClockTime pts);

/// Caps of the screen: "video/x-raw, format=I420, ..." with that size.
std::string screenCaps(const std::string& format = "I420", int sizePx = SmallScreen::kSizePx);

}  // namespace soleus::testing
