#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/synthetic_session.h"
#include "tools/report/chart_data.h"
#include "tools/report/report.h"
#include "tools/report/signal_charts.h"
#include "tools/report/summary.h"

namespace soleus {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

std::vector<std::string> titles(const json& charts) {
  std::vector<std::string> names;
  for (const json& chart : charts) names.push_back(chart["title"]);
  return names;
}

TEST(SignalCharts, ShowTheMuscleFirstAndNameWhatHasNoRoom) {
  SyntheticSession session;
  for (const char* name : {"ecg", "knee_force", "EMG_soleus", "accelerometer", "emg_tibialis", "sync"})
    addSignal(session, name, "mV", 0, 1, 100);
  const auto charts = signalCharts(session, 0, 1);
  ASSERT_TRUE(charts.ok());
  EXPECT_THAT(titles(charts.value()["charts"]),
              ElementsAre("EMG_soleus", "emg_tibialis", "knee_force", "accelerometer"));
  EXPECT_THAT(charts.value()["left_out"], ElementsAre("ecg", "sync"));
  EXPECT_EQ(charts.value()["charts"][0]["units"], "mV");
}

TEST(SignalCharts, KeepTheExtremesOfAnHour) {
  SyntheticSession session;
  addSignal(session, "emg", "V", 0, 3600, 1000);
  auto& value = session.columns["/signals/emg/value"];
  for (double& v : value) v *= 1e-4;
  value[1234567] = 0.0123;
  value[2345678] = -0.0098;
  const auto charts = signalCharts(session, 0, 3600);
  ASSERT_TRUE(charts.ok());
  const json& drawn = charts.value()["charts"][0];
  const std::vector<double> values = drawn["series"][0]["values"];
  EXPECT_LT(values.size(), 40'000U);
  const auto highest = std::ranges::max_element(values);
  EXPECT_NEAR(*highest, 0.0123, 1e-5);  // V: two decimals would have been nothing
  EXPECT_NEAR(drawn["time_s"][highest - values.begin()], 1234.567, 1e-3);
  EXPECT_NEAR(*std::ranges::min_element(values), -0.0098, 1e-5);
  EXPECT_LT(drawn.dump().size(), 1'000'000U);
}

TEST(SignalCharts, AreDrawnWhereTheRecordingIs) {
  SyntheticSession session = calfRaises(4);
  addSignal(session, "force", "N", -3, 30, 100);
  const auto data = chartData(session);
  ASSERT_TRUE(data.ok());
  EXPECT_LT(data.value()["end_s"], 4.1);
  const json& chart = data.value()["charts"][1];
  ASSERT_EQ(chart["name"], "signal");
  EXPECT_GE(chart["time_s"].front(), data.value()["start_s"]);
  EXPECT_LE(chart["time_s"].back(), data.value()["end_s"]);
}

TEST(SignalCharts, AreAllThereIsOfASessionWithoutPictures) {
  SyntheticSession session;
  addSignal(session, "force", "N", 2, 5, 100);
  const auto data = chartData(session);
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data.value()["start_s"], 2.0);
  EXPECT_EQ(data.value()["charts"].size(), 1U);
}

/// Rows by EMG, force, flow, EMG; the last doubtful.
SyntheticSession timedByMuscle() {
  SyntheticSession session;
  auto& c = session.columns;
  c["/contractions/contraction"] = {1, 2, 3, 4};
  c["/contractions/onset_s"] = {10.0, 20.0, 30.1, 40.0};
  c["/contractions/flow_onset_s"] = {10.12, 20.05, 30.1, 41.0};
  c["/contractions/flow_onset_uncertainty_s"] = {0.02, 0.02, 0.02, 0.02};
  c["/contractions/onset_source"] = {1, 2, 0, 1};
  c["/contractions/quality"] = {1, 1, 1, 0.2};
  return session;
}

TEST(ReportSummary, TellsTheDelayByWhatShowedTheMuscle) {
  const auto summary = reportSummary(timedByMuscle());
  ASSERT_TRUE(summary.ok());
  const json& contractions = summary.value()["contractions"];
  EXPECT_NEAR(contractions["rows"][0]["emg_to_flow_s"], 0.12, 1e-9);
  EXPECT_TRUE(contractions["rows"][0]["force_to_flow_s"].is_null());
  EXPECT_NEAR(contractions["rows"][1]["force_to_flow_s"], 0.05, 1e-9);
  EXPECT_TRUE(contractions["rows"][2]["emg_to_flow_s"].is_null());  // the flow's onset is no muscle's
  EXPECT_EQ(contractions["emg_to_flow_s"]["count"], 1);             // the doubtful one counts for nothing
  EXPECT_NEAR(contractions["emg_to_flow_s"]["mean"], 0.12, 1e-9);
  EXPECT_NEAR(contractions["emg_to_flow_s"]["uncertainty"], 0.02, 1e-9);
  EXPECT_NEAR(contractions["force_to_flow_s"]["mean"], 0.05, 1e-9);
}

TEST(ReportSummary, SaysWhatSignalsThereAre) {
  SyntheticSession session;
  addSignal(session, "emg", "mV", 0, 2, 1000);
  session.columns["/signals/emg/value"][5] = std::nan("");
  const auto summary = reportSummary(session);
  ASSERT_TRUE(summary.ok());
  const json& emg = summary.value()["signals"][0];
  EXPECT_EQ(emg["muscle"], "emg");
  EXPECT_NEAR(emg["highest"], 1, 1e-3);
  EXPECT_NEAR(emg["lowest"], -1, 1e-3);
}

}  // namespace
}  // namespace soleus
