/// Small scenarios for the phantom's tests, as the YAML that a user would write.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "calibration/phantom/phantom.h"
#include "calibration/phantom/scenario.h"

namespace soleus::testing {

/// What the tests vary; all else is a 640 x 480 screen at 25 frames a second with a 4.6 kHz PRF at 4.4 MHz
/// and 60 degrees, no modulation of the resting flow, and next to no clutter.
struct Sketch {
  double durationS = 4;
  std::string mode = "scroll";
  std::string towardHeart = "up";
  double baselineFraction = 0.5;
  bool prefilled = true;
  bool baselineLine = false;
  int startPhaseColumns = 0;
  std::string identity = "TESTER, TIL";
  std::string look;  ///< the section's content in braces, or empty
  double restPeakCmPerS = 8;
  double profileExponent = 2;
  double snrDb = 20;
  double clutterDb = -40;
  std::string contractions;  ///< the section's content in braces, or empty

  [[nodiscard]] std::string yaml() const {
    const auto text = [](double x) { return std::to_string(x); };
    std::string y = "schema: soleus.scenario/1\nname: sketch\nduration_s: " + text(durationS) + "\n";
    y += "scanner: {transmit_frequency_hz: 4.4e6, prf_hz: 4600, angle_degrees: 60, wall_filter_hz: 69, "
         "dynamic_range_db: 50}\n";
    y += "display: {width: 640, height: 480, frame_rate_numerator: 25, mode: " + mode +
         ", seconds_per_column: 0.004, doppler_region: {x: 40, y: 260, width: 400, height: 200}, "
         "bmode_region: {x: 150, y: 50, width: 200, height: 180}, bmode_mm_per_pixel: 0.2, toward_heart: " +
         towardHeart + ", baseline_fraction: " + text(baselineFraction) +
         ", prefilled: " + (prefilled ? "true" : "false") +
         ", baseline_line: " + (baselineLine ? "true" : "false") +
         ", start_phase_columns: " + std::to_string(startPhaseColumns) + ", identity: '" + identity +
         "', look: {" + look + "}}\n";
    y += "video: {codec: ffv1}\n";
    y += "flow: {rest_peak_cm_s: " + text(restPeakCmPerS) +
         ", breath_rate_hz: 0.25, breath_modulation_percent: 0, heart_rate_hz: 1, heart_modulation_percent: "
         "0, "
         "profile_exponent: " +
         text(profileExponent) + ", vein_diameter_mm: 8}\n";
    if (!contractions.empty()) y += "contractions: {" + contractions + "}\n";
    return y + "noise: {snr_db: " + text(snrDb) + ", clutter_db: " + text(clutterDb) + "}\n";
  }

  [[nodiscard]] Scenario scenario() const {
    auto result = parseScenario(yaml(), "sketch");
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().sentence());
    return result.ok() ? result.value() : Scenario{};
  }

  [[nodiscard]] std::unique_ptr<Phantom> phantom(std::uint64_t seed = 1) const {
    auto result = Phantom::parse(yaml(), "sketch", seed);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().sentence());
    return result.ok() ? std::move(result).value() : nullptr;
  }
};

/// One burst of 60 cm/s from 1.0 to 1.8 s, the vein's area unchanged.
inline const char* const kOneBurst =
    "first_s: 1, interval_s: 3, count: 1, duration_s: 0.8, peak_cm_s: 60, pause_s: 0.5, "
    "refill_time_constant_s: 0.2, area_narrowing_percent: 0";

}  // namespace soleus::testing
