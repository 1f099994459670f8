#include "tests/accuracy/pump_leg.h"

#include <cmath>
#include <random>
#include <sstream>
#include <stdexcept>

#include "calibration/phantom/contraction_truth.h"
#include "calibration/phantom/haemodynamics.h"
#include "pipeline/contraction/find_contractions.h"
#include "pipeline/contraction/muscle_onset.h"
#include "pipeline/contraction/uncertainty.h"
#include "pipeline/doppler/envelope_directions.h"
#include "pipeline/vessel/flow.h"
#include "tests/accuracy/recording.h"

namespace soleus::accuracy {
namespace {

constexpr double kLumenRateHz = 30;
constexpr double kDiameterSdMm = 0.05;
constexpr double kEmgRateHz = 1000;

/// An EMG of the leg: noise of the electrodes, and bursts three to ten times as strong while the muscle acts.
MuscleSignal emgOf(const Scenario& leg, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<> noise;
  const double strength = std::uniform_real_distribution<>(3, 10)(random);
  const std::vector<Contraction> bursts = trueOf(leg, seed);
  MuscleSignal emg;
  std::size_t next = 0;
  for (int n = 0; n < leg.durationS * kEmgRateHz; ++n) {
    const double t = n / kEmgRateHz;
    while (next < bursts.size() && t > bursts[next].endS) ++next;
    const bool acts = next < bursts.size() && t >= bursts[next].onsetS;
    emg.timeS.push_back(t);
    emg.value.push_back(noise(random) * (acts ? strength : 1));
  }
  return emg;
}

/// The lumen at a moment, not quite as it is.
VesselSample lumenAt(const Haemodynamics& blood, double timeS, std::mt19937_64& random) {
  const VeinShape vein = blood.vein(timeS);
  const double diameterMm = vein.diameterMm() + std::normal_distribution<>(0, kDiameterSdMm)(random);
  const double areaMm2 = vein.areaMm2() * std::pow(diameterMm / vein.diameterMm(), 2);
  return {SessionTime::fromSeconds(timeS), static_cast<float>(diameterMm), static_cast<float>(areaMm2), 1};
}

}  // namespace

Scenario legOf(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto between = [&](double a, double b) { return std::uniform_real_distribution<>(a, b)(random); };
  std::ostringstream yaml;
  const double firstS = between(12, 18);
  const double intervalS = between(4, 8);
  const double peakCmPerS = between(25, 110);
  yaml << "schema: soleus.scenario/1\nname: leg\nduration_s: " << firstS + 10 * intervalS + 5
       << "\nscanner: {transmit_frequency_hz: 4.4e6, prf_hz: 5800, angle_degrees: 60, wall_filter_hz: 69, "
          "dynamic_range_db: 50, noise_above_black_db: 10}\n"
          "display: {width: 1280, height: 720, frame_rate_numerator: 30, mode: scroll, "
          "seconds_per_column: 0.00381, doppler_region: {x: 76, y: 374, width: 1049, height: 288}, "
          "bmode_region: {x: 320, y: 57, width: 576, height: 273}, bmode_mm_per_pixel: 0.1465, "
          "toward_heart: up, baseline_fraction: 0.65, identity: NOBODY}\nvideo: {codec: ffv1}\n"
       << "flow: {rest_peak_cm_s: " << between(5, 12) << ", breath_rate_hz: " << between(0.18, 0.35)
       << ", breath_modulation_percent: " << between(10, 60) << ", heart_rate_hz: " << between(0.9, 1.4)
       << ", heart_modulation_percent: " << between(2, 12) << ", profile_exponent: " << between(2, 6)
       << ", vein_diameter_mm: " << between(5, 9) << "}\n"
       << "contractions:\n  first_s: " << firstS << "\n  interval_s: " << intervalS
       << "\n  count: 10\n  duration_s: " << between(0.5, 1) << "\n  peak_cm_s: " << peakCmPerS
       << "\n  last_peak_cm_s: " << peakCmPerS * between(0.7, 1)
       << "\n  peak_spread_percent: 5\n  pause_s: " << between(0.1, 0.5) << "\n";
  if (seed % 2 == 0) {
    yaml << "  reflux: {duration_s: " << between(0.2, 2.5) << ", peak_cm_s: " << -between(6, 20) << "}\n";
  }
  yaml << "  refill_time_constant_s: " << between(0.7, 6) << "\n  area_narrowing_percent: " << between(30, 60)
       << "\nnoise: {snr_db: " << between(5, 20) << ", clutter_db: " << between(40, 60)
       << ", clutter_band_hz: " << between(15, 34) << ", transit_length_mm: 10}\n";
  auto leg = parseScenario(yaml.str(), "leg");
  if (!leg.ok()) throw std::runtime_error(leg.error().sentence());
  return std::move(leg).value();
}

std::vector<Found> foundIn(const Scenario& leg, std::uint64_t seed) {
  const Haemodynamics blood(leg, seed);
  std::mt19937_64 random(seed);
  FlowMeter lumen;
  int lumens = 0;
  VelocityTrace trace;
  double hiddenCmPerS = 0;
  for (const DopplerColumn& column : measuredColumns(leg, seed)) {
    // As far as is known when a column is measured.
    for (; lumens / kLumenRateHz < column.time.seconds() + 1 / kLumenRateHz; ++lumens)
      lumen.push(lumenAt(blood, lumens / kLumenRateHz, random));
    trace.timeS.push_back(column.time.seconds());
    trace.peakCmPerS.push_back(column.peakCmPerS);
    trace.meanCmPerS.push_back(column.meanCmPerS);
    trace.flowMlPerMin.push_back(lumen.volumeFlowMlPerMin(column.meanCmPerS, column.time));
    trace.quality.push_back(column.quality);
    if (std::isnan(column.peakCmPerS) && column.meanHiddenCmPerS > hiddenCmPerS)
      hiddenCmPerS = column.meanHiddenCmPerS;
  }
  const DirectionAxis axis = directionAxis(*profileOf(leg).doppler);
  auto rows = findContractions(trace, hiddenCmPerS);
  timeByMuscle(rows, {MuscleActivity(emgOf(leg, seed))});
  std::vector<Found> found;
  for (const FoundContraction& row : rows)
    found.push_back({row, uncertaintyOf(row, axis.windowRows * axis.stepCmPerS)});
  return found;
}

std::vector<Contraction> trueOf(const Scenario& leg, std::uint64_t seed) {
  return contractionTruth(leg, Haemodynamics(leg, seed));
}

}  // namespace soleus::accuracy
