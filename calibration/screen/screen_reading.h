/// All that a screen tells about its scales, each step's finding beside its residual; nothing is decided
/// here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calibration/screen/axis_numbers.h"
#include "calibration/screen/baseline_line.h"
#include "calibration/screen/moving_regions.h"
#include "calibration/screen/printed_settings.h"
#include "calibration/screen/scale_line.h"
#include "calibration/screen/screen_statistics.h"
#include "calibration/screen/strip_extent.h"
#include "calibration/screen/strip_motion.h"
#include "calibration/screen/time_ticks.h"

namespace soleus {

/// An axis that was read.
struct AxisReading {
  ScaleLine line;                   ///< in the axis' own unit
  std::vector<AxisNumber> numbers;  ///< those on the line
  bool ticked = false;
};

struct ScreenFindings {
  cv::Size screen;
  std::optional<MovingRegion> spectrum;
  std::optional<StripPace> pace;
  std::optional<TimeTicks> timeTicks;
  std::optional<BaselineLine> baseline;
  std::optional<AxisReading> velocity;
  std::vector<AxisReading> otherVelocities = {};  ///< other readings of numbers beside the spectrum
  /// Whether the spectrum's first and last row are known: seen by the noise that fills it, or from the ends
  /// of its axis. Flow alone does not show them, and rows left out would cut off what is faster.
  bool rowsKnown = false;
  std::optional<MovingRegion> bmode;
  std::optional<AxisReading> depth;
  PrintedSettings printed;
  std::string scanner = {};  ///< name of the profile whose wordings were looked for; empty without
};

/// Whose screen it may be.
struct KnownScanners {
  std::optional<ScannerProfile> named;     ///< by a person
  std::vector<ScannerProfile> recognised;  ///< without that, by what stands on the screen
};

/// Reads the scales and settings around the regions: the largest with a pace is the spectrum, the largest
/// without is B-mode.
ScreenFindings readScreen(const ScreenPicture& picture, const std::vector<WatchedRegion>& watched,
                          const TextReader& reader, const KnownScanners& scanners);

}  // namespace soleus
