#include "calibration/phantom/settings_wording.h"

#include <cstdio>

namespace soleus {

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string angleText(const ScreenLook& look, double degrees) {
  const std::string angle = fixed(degrees, 0);
  switch (look.wording) {
    case ScreenLook::Wording::kHertz:
      return "Angle " + angle + (isOutline(look.font) ? "\u00b0" : "");
    case ScreenLook::Wording::kSymbols:
      return "\u03b8 " + angle + "\u00b0";
    case ScreenLook::Wording::kKilohertz:
      break;
  }
  return "AC " + angle;
}

std::vector<std::string> settingLines(const ScreenLook& look, const ScannerSettings& scanner) {
  const std::string angle = angleText(look, scanner.angleDegrees);
  const std::string mhz = fixed(scanner.transmitFrequencyHz * 1e-6, 1);
  const std::string prf = fixed(scanner.prfHz, 0);
  const std::string filter = fixed(scanner.wallFilterHz, 0);
  const std::string range = fixed(scanner.dynamicRangeDb, 0);
  switch (look.wording) {
    case ScreenLook::Wording::kHertz:
      return {"PW",  "F " + mhz + "MHz",   "PRF " + prf, "Filter " + filter + "Hz",
              angle, "DR " + range + "dB", "SV 6mm"};
    case ScreenLook::Wording::kSymbols:
      return {"PW",  "Freq " + mhz + "MHz", "PRF " + prf + "Hz", "WF " + filter + "Hz",
              angle, "Dyn " + range + "dB", "SV 6.0mm"};
    case ScreenLook::Wording::kKilohertz:
      break;
  }
  return {"PW",
          "Frq " + mhz + " MHz",
          "PRF " + fixed(scanner.prfHz * 1e-3, 1) + " kHz",
          "WF " + filter + " Hz",
          angle,
          "DR " + range,
          "SV 6.0 mm"};
}

}  // namespace soleus
