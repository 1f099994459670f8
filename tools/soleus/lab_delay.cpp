#include "tools/soleus/lab_delay.h"

#include <iomanip>
#include <sstream>

namespace soleus {

std::optional<CaptureDelay> readDelay(YamlMap& map) {
  constexpr double kMostS = 10;
  const auto delayS = map.optionalNumber("delay_s", {-kMostS, kMostS});
  const auto uncertaintyS = map.optionalNumber("delay_uncertainty_s", {0, kMostS});
  if (!delayS && !uncertaintyS) return std::nullopt;
  if (!delayS || !uncertaintyS) {
    const std::string missing = delayS ? "delay_uncertainty_s" : "delay_s";
    map.fault(delayS ? "delay_s" : "delay_uncertainty_s", "half of a measured delay", "no '" + missing + "'",
              "both, as 'soleus calibrate --delay' prints them");
    return std::nullopt;
  }
  return CaptureDelay{*delayS, *uncertaintyS};
}

std::string delayYaml(const std::optional<CaptureDelay>& delay, const std::string& indent) {
  std::ostringstream out;
  if (delay)
    out << std::setprecision(15) << indent << "delay_s: " << delay->delayS << "\n"
        << indent << "delay_uncertainty_s: " << delay->uncertaintyS << "\n";
  return out.str();
}

}  // namespace soleus
