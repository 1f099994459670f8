/// How far a calibration read from a screen lies from the true one.
#pragma once

#include <string>

#include "pipeline/core/calibration.h"

namespace soleus {

/// What the reading of a screen promises.
struct ScreenLimits {
  double velocityShare = 0.005;
  double baselinePx = 1;
  double timeShare = 0.005;
  double overlap = 0.95;
};

/// Deviations of a profile from the truth.
struct ScreenScore {
  double velocityShare = 0;  ///< of cm/s per pixel, signed
  double baselinePx = 0;     ///< signed
  double timeShare = 0;      ///< of seconds per pixel, signed
  double overlap = 0;        ///< intersection over union of the spectrum's regions
  double bmodeOverlap = 0;   ///< of the B-mode regions, 0 where none was found
  double depthShare = 0;     ///< of mm per pixel, signed; 0 where none was found
  bool sameDisplay = false;
  std::string wrongSettings;   ///< names of settings that differ from what is printed
  std::string unreadSettings;  ///< names of printed settings that the profile lacks

  /// A scale, zero, pace or setting that would give wrong numbers.
  [[nodiscard]] bool wrong(const ScreenLimits& limits) const;
  [[nodiscard]] bool within(const ScreenLimits& limits) const;
};

/// Both profiles have a spectrum. `settingsPrinted`: whether the screen shows the settings of the truth.
ScreenScore scoreScreen(const CalibrationProfile& read, const CalibrationProfile& truth,
                        bool settingsPrinted);

}  // namespace soleus
