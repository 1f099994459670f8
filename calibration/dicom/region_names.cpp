#include "calibration/dicom/region_names.h"

#include <array>
#include <sstream>

namespace soleus {
namespace {

template <std::size_t kCount>
std::string entry(const std::array<const char*, kCount>& names, int code) {
  if (code >= 0 && code < static_cast<int>(kCount)) return names[static_cast<std::size_t>(code)];
  return "code " + std::to_string(code);
}

}  // namespace

std::string nameOf(SpatialFormat format) {
  constexpr std::array kNames{"no format", "2D", "M-mode", "spectral", "waveform", "graphics"};
  return entry(kNames, static_cast<int>(format));
}

std::string nameOf(RegionData data) {
  constexpr std::array kNames{"no data",
                              "tissue",
                              "colour flow",
                              "PW Doppler",
                              "CW Doppler",
                              "mean trace",
                              "mode trace",
                              "maximum trace",
                              "volume trace",
                              "d(volume)/dt trace",
                              "ECG",
                              "pulse",
                              "phonocardiogram",
                              "grey bar",
                              "colour bar",
                              "integrated backscatter",
                              "area trace",
                              "d(area)/dt trace"};
  return entry(kNames, static_cast<int>(data));
}

std::string nameOf(RegionUnits units) {
  constexpr std::array kNames{"none", "percent", "dB",    "cm",  "s",     "Hz",     "dB/s",
                              "cm/s", "cm2",     "cm2/s", "cm3", "cm3/s", "degrees"};
  return entry(kNames, static_cast<int>(units));
}

std::string describeBox(const UltrasoundRegion& region) {
  if (!region.box) return "no box";
  std::ostringstream out;
  out << "x " << region.box->left << " to " << region.box->right << ", y " << region.box->top << " to "
      << region.box->bottom;
  return out.str();
}

std::string listRegions(const std::vector<UltrasoundRegion>& regions) {
  if (regions.empty()) return "no region";
  std::string text;
  for (std::size_t n = 0; n < regions.size(); ++n) {
    if (n > 0) text += "; ";
    text += std::to_string(n + 1) + ": " + nameOf(regions[n].format) + " " + nameOf(regions[n].data) + ", " +
            describeBox(regions[n]);
  }
  return text;
}

}  // namespace soleus
