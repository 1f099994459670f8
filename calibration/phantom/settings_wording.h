/// How scanners word the settings of their pulsed wave.
#pragma once

#include <string>
#include <vector>

#include "calibration/phantom/scenario.h"

namespace soleus {

/// `value` with so many decimals.
std::string fixed(double value, int decimals);

/// The beam's angle as it is printed above the spectrum, UTF-8.
std::string angleText(const ScreenLook& look, double degrees);

/// The settings, a line each, the heading "PW" first and the transmitted frequency second.
std::vector<std::string> settingLines(const ScreenLook& look, const ScannerSettings& scanner);

}  // namespace soleus
