/// From findings to a profile, or to the sentence that says what is missing.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "calibration/screen/screen_reading.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// What a person says; it overrules what the screen shows.
struct SuppliedValues {
  std::optional<Side> towardHeart;  ///< never guessed
  std::optional<double> angleDegrees;
  std::optional<bool> angleCorrected;
  std::optional<double> baselineRow;
  std::optional<double> velocityRangeCmPerS;  ///< from the lowest to the highest row of the region
  std::optional<Region> region;               ///< of the spectrum
  std::optional<Display> display;
  std::optional<double> secondsPerPixel;
  std::optional<double> prfHz;
  std::optional<double> transmitFrequencyHz;
  std::optional<double> wallFilterHz;
  std::optional<double> dynamicRangeDb;
};

/// A profile from the screen. Errors (kBadInput), one sentence for all of them: values that could not be
/// established, or on which two sources disagree, each with the option that supplies it. A B-mode picture
/// without a readable depth scale is left out. `input` names the recording.
Result<CalibrationProfile> settleProfile(const ScreenFindings& findings, const SuppliedValues& supplied,
                                         const std::string& input);

}  // namespace soleus
