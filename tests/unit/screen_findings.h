/// What was found on a screen, for tests of what is made of it.
#pragma once

#include <string>

#include "calibration/screen/settle_profile.h"

namespace soleus {

/// A screen on which everything was found: 80.5 cm/s to either side of zero at 4.4 MHz, 60 degrees, 4.6 kHz.
inline ScreenFindings everything() {
  ScreenFindings found;
  found.screen = {640, 480};
  found.spectrum = MovingRegion{{28, 268, 431, 176}, true, true};
  found.pace = StripPace{Display::kSweep, 0.0093, 0.0002, 8};
  found.baseline = BaselineLine{355.5, 28, 459};
  AxisReading axis;
  axis.line = {355.6, 161.0 / 176, 0.1, 0.003, {0, 1, 2}};
  axis.ticked = true;
  found.velocity = axis;
  found.rowsKnown = true;
  found.printed.angleDegrees = 60;
  found.printed.prfHz = 4600;
  found.printed.transmitFrequencyHz = 4.4e6;
  found.printed.centimetresPerSecond = true;
  return found;
}

inline SuppliedValues side() {
  SuppliedValues supplied;
  supplied.towardHeart = Side::kUp;
  return supplied;
}

inline std::string refusal(const ScreenFindings& found, const SuppliedValues& supplied) {
  const auto profile = settleProfile(found, supplied, "clip.mkv");
  return profile.ok() ? "accepted" : profile.error().sentence();
}

}  // namespace soleus
