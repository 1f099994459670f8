#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/core/measurement.h"
#include "tests/report/synthetic_session.h"
#include "tools/report/summary.h"

namespace soleus {
namespace {

const double kMissing = std::nan("");

/// Eight columns 0.1 s apart, a second missing in the middle; each property was put in by hand.
SyntheticSession eightColumns() {
  SyntheticSession session;
  auto& c = session.columns;
  c["/doppler/time"] = {0.0, 0.1, 0.2, 0.3, 1.4, 1.5, 1.6, 1.7};
  c["/doppler/velocity"] = {-50, 0, 50};
  c["/doppler/peak_velocity_forward"] = {10, 20, 99, 40, 0, 0, kMissing, 30};
  c["/doppler/peak_velocity_reverse"] = {0, 0, 0, 0, -12, -8, kMissing, -70};
  c["/doppler/mean_velocity"] = {5, 10, 30, 20, -6, -4, kMissing, 15};
  c["/doppler/snr"] = {10, 12, 3, 14, 16, 18, 20, 22};
  c["/doppler/quality"] = {0, 0, kLowSnr, kAliased, kGapBefore, 0, 0, kOverlay};
  return session;
}

/// Half a second in 4 ms columns: a bump of 60 cm/s over 100 ms, and two columns at -46 that lasted 8 ms.
SyntheticSession bumpAndNoise() {
  SyntheticSession session;
  auto& c = session.columns;
  for (int i = 0; i < 125; ++i) {
    c["/doppler/time"].push_back(0.004 * i);
    const bool noise = i == 80 || i == 81;
    c["/doppler/peak_velocity_forward"].push_back(i >= 20 && i < 45 ? 60 : 5);
    c["/doppler/peak_velocity_reverse"].push_back(noise ? -46 : 0);
    c["/doppler/peak_velocity"].push_back(noise ? -46 : 5);
    c["/doppler/mean_velocity"].push_back(3);
    c["/doppler/quality"].push_back(0);
  }
  return session;
}

nlohmann::json summaryOf(const SessionReader& session) {
  auto summary = reportSummary(session);
  EXPECT_TRUE(summary.ok());
  return summary.ok() ? summary.value() : nlohmann::json();
}

TEST(ReportSummary, CountsTimeWithoutGaps) {
  const auto doppler = summaryOf(eightColumns())["doppler"];
  EXPECT_EQ(doppler["columns"], 8);
  EXPECT_EQ(doppler["gaps"], 1);
  EXPECT_NEAR(doppler["column_step_s"], 0.1, 1e-9);
  EXPECT_NEAR(doppler["covered_s"], 0.8, 1e-9);  // eight columns of 0.1 s
  EXPECT_NEAR(doppler["gaps_s"], 1.0, 1e-9);
  EXPECT_EQ(doppler["end_s"], 1.7);
}

TEST(ReportSummary, AveragesTheMeanVelocitiesThatAreMeasuredAndNotAliased) {
  const auto doppler = summaryOf(eightColumns())["doppler"];
  EXPECT_NEAR(doppler["tamean_cm_per_s"], 50.0 / 6, 1e-12);  // not the 20 of the aliased column
  EXPECT_NEAR(doppler["tamean_if_unmeasured_is_zero_cm_per_s"], 50.0 / 7, 1e-12);
  EXPECT_EQ(doppler["tamean_columns"], 6);
  EXPECT_NEAR(doppler["measured_fraction"], 6.0 / 8, 1e-12);
  EXPECT_NEAR(doppler["no_velocity_fraction"], 1.0 / 8, 1e-12);
}

// A scale that is not the profile's, or a marker, hides what flowed: that is no still blood.
TEST(ReportSummary, CountsWhatCouldNotBeReadInNeitherMean) {
  for (const unsigned flag : {kCalibrationChanged, kOverlay}) {
    SyntheticSession session = bumpAndNoise();
    for (std::size_t i = 60; i < 85; ++i) {
      session.columns["/doppler/mean_velocity"][i] = kMissing;
      session.columns["/doppler/quality"][i] = flag;
    }
    const auto doppler = summaryOf(session)["doppler"];
    EXPECT_NEAR(doppler["tamean_if_unmeasured_is_zero_cm_per_s"], 3, 1e-9);
    EXPECT_EQ(doppler["no_velocity_fraction"], 0.0);
    EXPECT_NEAR(doppler["unreadable_fraction"], 25.0 / 125, 1e-9);
  }
}

TEST(ReportSummary, AveragesOverTimeWhereColumnsChangeTheirPace) {
  // 2 s at 10 cm/s in columns of 10 ms, then 2 s at 20 cm/s in columns of 50 ms, after a gap of 5 s. The
  // column average would be 11.7.
  SyntheticSession session;
  auto& c = session.columns;
  const auto add = [&](double timeS, double meanCmPerS, double flags) {
    c["/doppler/time"].push_back(timeS);
    c["/doppler/mean_velocity"].push_back(meanCmPerS);
    c["/doppler/quality"].push_back(flags);
    c["/flow/volume_flow"].push_back(30 * meanCmPerS);
  };
  for (int i = 0; i < 200; ++i) add(0.01 * i, 10, 0);
  for (int i = 0; i < 40; ++i) add(7 + 0.05 * i, 20, i == 0 ? kGapBefore : 0);
  c["/flow/time"] = c["/doppler/time"];
  const auto summary = summaryOf(session);
  EXPECT_NEAR(summary["doppler"]["tamean_cm_per_s"], 15, 0.1);
  EXPECT_NEAR(summary["flow"]["mean_ml_per_min"], 450, 3);
  // Slow columns without a velocity are as much still blood as they are time.
  for (int i = 200; i < 240; ++i) c["/doppler/mean_velocity"][i] = c["/flow/volume_flow"][i] = kMissing;
  const auto silent = summaryOf(session);
  EXPECT_NEAR(silent["doppler"]["tamean_if_unmeasured_is_zero_cm_per_s"], 5, 0.1);
  EXPECT_NEAR(silent["flow"]["mean_if_unmeasured_is_zero_ml_per_min"], 150, 3);
}

TEST(ReportSummary, CountsOnlyFlaggedStepsAsGaps) {
  SyntheticSession session = eightColumns();
  session.columns["/doppler/quality"][4] = 0;
  const auto doppler = summaryOf(session)["doppler"];
  EXPECT_EQ(doppler["gaps"], 0);
  EXPECT_EQ(doppler["gaps_s"], 0.0);
}

TEST(ReportSummary, PeaksLast) {
  const auto doppler = summaryOf(bumpAndNoise())["doppler"];
  EXPECT_EQ(doppler["peak_forward_cm_per_s"], 60);
  EXPECT_EQ(doppler["peak_reverse_cm_per_s"], 0);  // two columns are no peak
  EXPECT_TRUE(doppler["peak_reverse_time_s"].is_null());
  EXPECT_NEAR(doppler["longest_away_s"], 0.008, 1e-9);
}

TEST(ReportSummary, PeaksComeOnlyFromUsableColumns) {
  for (const unsigned flag : {kLowSnr, kOverlay}) {
    SyntheticSession session = bumpAndNoise();
    for (std::size_t i = 20; i < 45; ++i) session.columns["/doppler/quality"][i] = flag;
    EXPECT_EQ(summaryOf(session)["doppler"]["peak_forward_cm_per_s"], 5) << flag;
  }
}

TEST(ReportSummary, GivesNoPeakWhereAliasingLasts) {
  SyntheticSession session = bumpAndNoise();
  session.columns["/doppler/quality"][30] = kAliased;  // a column alone hides no peak
  EXPECT_EQ(summaryOf(session)["doppler"]["aliasing_lasts"], false);
  EXPECT_EQ(summaryOf(session)["doppler"]["peak_forward_cm_per_s"], 60);
  for (std::size_t i = 30; i < 40; ++i) session.columns["/doppler/quality"][i] = kAliased;
  const auto doppler = summaryOf(session)["doppler"];
  EXPECT_EQ(doppler["aliasing_lasts"], true);
  EXPECT_TRUE(doppler["peak_forward_cm_per_s"].is_null());
  EXPECT_TRUE(doppler["peak_reverse_cm_per_s"].is_null());
}

TEST(ReportSummary, SharesColumnsOutByFlag) {
  const auto doppler = summaryOf(eightColumns())["doppler"];
  EXPECT_EQ(doppler["usable_fraction"], 4.0 / 8);  // columns 0, 1, 4 and 5
  EXPECT_EQ(doppler["flag_fraction"]["aliased"], 1.0 / 8);
  EXPECT_EQ(doppler["flag_fraction"]["low_snr"], 1.0 / 8);
  EXPECT_EQ(doppler["flag_fraction"]["clipped"], 0.0);
}

TEST(ReportSummary, LeavesOutWhatTheSessionDoesNotHold) {
  const auto summary = summaryOf(eightColumns());
  EXPECT_FALSE(summary.contains("vessel"));
  EXPECT_FALSE(summary.contains("flow"));
  EXPECT_TRUE(summary["streams"].empty());
  EXPECT_TRUE(summary["events"].empty());
}

TEST(ReportSummary, OfNothingMeasuredIsNullNotZero) {
  SyntheticSession session = eightColumns();
  for (const char* name : {"mean_velocity", "peak_velocity_forward", "snr"})
    session.columns[std::string("/doppler/") + name].assign(8, kMissing);
  session.columns["/vessel/time"] = {0, 1};
  session.columns["/vessel/diameter"] = {kMissing, kMissing};
  const auto summary = summaryOf(session);
  EXPECT_TRUE(summary["doppler"]["tamean_cm_per_s"].is_null());
  EXPECT_TRUE(summary["doppler"]["peak_forward_cm_per_s"].is_null());
  EXPECT_TRUE(summary["doppler"]["snr_median_db"].is_null());
  EXPECT_TRUE(summary["vessel"]["diameter_mean_mm"].is_null());
  EXPECT_EQ(summary["vessel"]["seen_fraction"], 0.0);
}

TEST(ReportSummary, MeasuresVesselAndFlow) {
  SyntheticSession session = eightColumns();
  session.columns["/vessel/time"] = {0, 1, 2};
  session.columns["/vessel/diameter"] = {7, kMissing, 8};
  session.columns["/vessel/area"] = {38, kMissing, 50};
  session.columns["/flow/time"] = session.columns["/doppler/time"];
  // No lumen in column 1, column 3 is aliased, column 6 has no velocity.
  session.columns["/flow/volume_flow"] = {100, kMissing, 300, 900, 200, 200, kMissing, 200};
  const auto summary = summaryOf(session);
  EXPECT_EQ(summary["vessel"]["diameter_mean_mm"], 7.5);
  EXPECT_EQ(summary["vessel"]["area_mean_mm2"], 44);
  EXPECT_NEAR(summary["vessel"]["seen_fraction"], 2.0 / 3, 1e-12);
  EXPECT_NEAR(summary["flow"]["mean_ml_per_min"], 200, 1e-9);  // 1000 / 5
  EXPECT_NEAR(summary["flow"]["mean_if_unmeasured_is_zero_ml_per_min"], 1000.0 / 6, 1e-9);
  EXPECT_EQ(summary["flow"]["measured_fraction"], 5.0 / 8);
  EXPECT_EQ(summary["flow"]["no_lumen_fraction"], 1.0 / 8);
}

TEST(ReportSummary, BalancesStreamsByCause) {
  SyntheticSession session = eightColumns();
  session.numberAttributes["/streams/video"] = {
      {"received", 100}, {"written", 90}, {"dropped_overload", 7}, {"dropped_source", 3}};
  session.numberAttributes["/streams/emg"] = {{"received", 100}, {"written", 90}, {"dropped_overload", 7}};
  const auto streams = summaryOf(session)["streams"];
  ASSERT_EQ(streams.size(), 2U);
  EXPECT_EQ(streams[0]["name"], "emg");
  EXPECT_EQ(streams[0]["balanced"], false);
  EXPECT_EQ(streams[1]["balanced"], true);
  EXPECT_EQ(streams[1]["dropped"]["source"], 3);
}

TEST(ReportSummary, NamesTheColumnThatDoesNotFit) {
  SyntheticSession session = eightColumns();
  session.columns["/doppler/mean_velocity"].pop_back();
  const auto summary = reportSummary(session);
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.error().where, "/doppler/mean_velocity");
  EXPECT_EQ(summary.error().found, "7");
}

/// Three contractions, the last of them doubtful.
SyntheticSession threeContractions() {
  SyntheticSession session = eightColumns();
  auto& c = session.columns;
  c["/contractions/contraction"] = {1, 2, 3};
  c["/contractions/onset_s"] = c["/contractions/flow_onset_s"] = {0.1, 0.5, 1.4};
  c["/contractions/peak_velocity_cm_s"] = {60, 40, 500};
  c["/contractions/ejected_volume_ml"] = {5, kMissing, 50};
  c["/contractions/reflux_duration_s"] = {0.7, 1.2, 3};
  c["/contractions/onset_source"] = {0, 1, 0};
  c["/contractions/quality"] = {1, 0.5, 0.2};
  return session;
}

// 60 and 40 cm/s: 50, with a spread of 14.1 and an error of 3 that both have.
TEST(ReportSummary, TellsTheUncertaintyAndTheSlopeOfASeries) {
  SyntheticSession session = threeContractions();
  session.columns["/contractions/peak_velocity_uncertainty_cm_s"] = {3, 3, 300};
  const auto peak = summaryOf(session)["contractions"]["peak_velocity_cm_s"];
  EXPECT_NEAR(peak["uncertainty"], std::hypot(3, 10 * 12.71 / 1.96), 1e-9);
  EXPECT_NEAR(peak["coefficient_of_variation"], std::sqrt(200.0) / 50, 1e-9);
  EXPECT_NEAR(peak["slope_per_contraction"], -20, 1e-9);
}

// A cycle of 2 s that moves 4 mL is 120 mL/min; rest of 1 mL in the half second of the first ejection as
// well.
TEST(ReportSummary, TellsHowManyTimesTheFlowAtRestIsMoved) {
  SyntheticSession session = threeContractions();
  auto& c = session.columns;
  c["/contractions/onset_s"] = {1, 3, 5};
  c["/contractions/flow_onset_s"] = {1, 3, 5};
  c["/contractions/end_s"] = {1.5, 3.5, 5.5};
  c["/contractions/ejected_volume_ml"] = {4, 4, 4};
  c["/contractions/excess_volume_ml"] = {3, 3, 3};
  c["/contractions/ejected_volume_uncertainty_ml"] = {0.2, 0.2, 0.2};
  c["/contractions/baseline_velocity_cm_s"] = {10, 10, 10};
  c["/contractions/baseline_velocity_uncertainty_cm_s"] = {1, 1, 1};
  c["/contractions/augmentation_ratio"] = {5, 5, 5};
  c["/contractions/quality"] = {1, 1, 1};
  const auto pump = summaryOf(session)["contractions"]["pump"];
  EXPECT_NEAR(pump["ml_per_min"], 120, 1e-9);
  EXPECT_NEAR(pump["uncertainty_ml_per_min"], 6, 1e-9);
  EXPECT_NEAR(pump["rest_ml_per_min"], 120, 1e-9);
  EXPECT_NEAR(pump["ratio"], 1, 1e-9);
  EXPECT_NEAR(pump["ratio_uncertainty"], std::hypot(0.05, 0.1), 1e-9);
  // Before a first that is doubtful nobody knows what rest is; around a doubtful one no cycle is known.
  c["/contractions/quality"] = {0.2, 1, 1};
  EXPECT_TRUE(summaryOf(session)["contractions"]["pump"]["ratio"].is_null());
  EXPECT_NEAR(summaryOf(session)["contractions"]["pump"]["ml_per_min"], 120, 1e-9);
  c["/contractions/quality"] = {1, 0.2, 1};
  EXPECT_TRUE(summaryOf(session)["contractions"]["pump"]["ml_per_min"].is_null());
  // One that moves no blood takes its time all the same.
  c["/contractions/flow_onset_s"] = {1, kMissing, 5};
  c["/contractions/quality"] = {1, 0.3, 1};
  EXPECT_NEAR(summaryOf(session)["contractions"]["pump"]["ml_per_min"], 60, 1e-9);
  EXPECT_EQ(summaryOf(session)["contractions"]["without_flow"], 1);
  EXPECT_EQ(summaryOf(session)["contractions"]["doubtful"], 0);
  c["/contractions/flow_onset_s"] = {1, 3, 5};
  // A pause between two sets belongs to neither.
  c["/contractions/quality"] = {1, 1, 1};
  c["/contractions/onset_s"] = {1, 3, 303};
  EXPECT_NEAR(summaryOf(session)["contractions"]["pump"]["ml_per_min"], 120, 1e-9);
}

TEST(ReportSummary, DoubtfulContractionsAreShownAndNotCounted) {
  const auto contractions = summaryOf(threeContractions())["contractions"];
  EXPECT_EQ(contractions["count"], 2);
  EXPECT_EQ(contractions["doubtful"], 1);
  EXPECT_EQ(contractions["rows"].size(), 3u);
  EXPECT_EQ(contractions["rows"][1]["onset_source"], "emg");
  EXPECT_EQ(contractions["rows"][2]["counts"], false);
  EXPECT_DOUBLE_EQ(contractions["peak_velocity_cm_s"]["mean"], 50);
  EXPECT_NEAR(contractions["peak_velocity_cm_s"]["sd"], std::sqrt(200.0), 1e-9);
  EXPECT_EQ(contractions["peak_velocity_cm_s"]["first"], 60);
  EXPECT_EQ(contractions["peak_velocity_cm_s"]["last"], 40);
}

TEST(ReportSummary, AContractionWithoutAValueIsLeftOutOfItsMean) {
  const auto contractions = summaryOf(threeContractions())["contractions"];
  EXPECT_EQ(contractions["ejected_volume_ml"]["count"], 1);
  EXPECT_TRUE(contractions["ejected_volume_ml"]["sd"].is_null());
  EXPECT_TRUE(contractions["rows"][1]["ejected_volume_ml"].is_null());
  EXPECT_EQ(contractions["vti_cm"]["count"], 0);
}

TEST(ReportSummary, RefluxIsCountedAgainstBothCutOffs) {
  const auto reflux = summaryOf(threeContractions())["contractions"]["reflux"];
  EXPECT_EQ(reflux["measured"], 2);
  EXPECT_EQ(reflux["over_0_5_s"], 2);
  EXPECT_EQ(reflux["over_1_0_s"], 1);
  EXPECT_EQ(reflux["longest_s"], 1.2);
}

}  // namespace
}  // namespace soleus
