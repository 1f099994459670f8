#include "tests/accuracy/accuracy_case.h"

#include <sstream>

namespace soleus::accuracy {
namespace {

// Contractions are spread a little in time and strength by the seed, so that no estimator profits from where
// columns or frames happen to fall.
double spread(std::uint64_t seed, double range) {
  constexpr double kGoldenSection = 0.6180339887498949;
  const double turns = static_cast<double>(seed) * kGoldenSection;
  return range * (turns - static_cast<double>(static_cast<std::uint64_t>(turns)));
}

}  // namespace

const char* nameOf(Source source) {
  switch (source) {
    case Source::kIq:
      return "iq";
    case Source::kColumns:
      return "columns";
    case Source::kScroll:
      return "scroll";
    case Source::kSweep:
      return "sweep";
  }
  return "";
}

std::string scenarioYaml(const AccuracyCase& c) {
  const bool sweep = c.source == Source::kSweep;
  std::ostringstream yaml;
  yaml << "schema: soleus.scenario/1\nname: accuracy\nduration_s: 9\n"
       << "scanner: {transmit_frequency_hz: 4.4e6, prf_hz: " << c.prfHz
       << ", angle_degrees: 60, wall_filter_hz: 69, dynamic_range_db: 50, noise_above_black_db: 10}\n"
       << "display:\n  width: 1280\n  height: 720\n  frame_rate_numerator: 30\n  mode: "
       << (sweep ? "sweep" : "scroll")
       << "\n  seconds_per_column: 0.00381\n  doppler_region: {x: 76, y: 374, width: 1049, height: 288}\n"
       << "  bmode_region: {x: 320, y: 57, width: 576, height: 273}\n  bmode_mm_per_pixel: 0.1465\n"
       << "  toward_heart: up\n  baseline_fraction: 0.6\n  identity: NOBODY\n"
       << "video: {codec: ffv1}\n"
       << "flow: {rest_peak_cm_s: " << c.restCmPerS
       << ", breath_rate_hz: 0.25, breath_modulation_percent: 40, heart_rate_hz: 1.1, "
       << "heart_modulation_percent: 8, profile_exponent: " << c.exponent << ", vein_diameter_mm: 7.7}\n"
       << "contractions:\n  first_s: " << 2.0 + spread(c.seed, 0.4)
       << "\n  interval_s: 3.5\n  count: " << kContractions
       << "\n  duration_s: 0.8\n  peak_cm_s: " << c.peakCmPerS
       << "\n  peak_spread_percent: 8\n  pause_s: 0.4\n";
  if (c.reflux) yaml << "  reflux: {duration_s: 0.8, peak_cm_s: -15}\n";
  yaml << "  refill_time_constant_s: 2\n  area_narrowing_percent: 45\n"
       << "noise: {snr_db: " << c.snrDb << ", clutter_db: 50, clutter_band_hz: 20, transit_length_mm: 10}\n";
  return yaml.str();
}

}  // namespace soleus::accuracy
