// The report of a session file as the session writer leaves it: the names and units of both sides must agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "pipeline/dataset/session_writer.h"
#include "tools/report/chart_data.h"
#include "tools/report/report.h"
#include "tools/report/summary.h"

namespace soleus {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr int kRows = 20;

CalibrationProfile calibration() {
  CalibrationProfile profile;
  profile.screenWidth = 640;
  profile.screenHeight = 480;
  DopplerCalibration doppler;
  doppler.region = {0, 100, 400, kRows};
  doppler.secondsPerPixel = 0.01;
  doppler.cmPerSPerPixel = 5.0;
  doppler.baselineRow = 115;  // 15 rows of 5 cm/s above, 5 below
  profile.doppler = doppler;
  profile.bmode = BmodeCalibration{{450, 100, 100, 100}, 0.1};
  profile.yaml = "schema: soleus.calibration/1  # <by hand>\n";
  return profile;
}

DopplerColumn column(int index) {
  DopplerColumn made;
  made.time = SessionTime::fromSeconds(0.01 * index);
  made.peakForwardCmPerS = std::abs(index - 30) <= 2 ? 62.5F : 20.0F;
  made.peakReverseCmPerS = std::abs(index - 70) <= 2 ? -12.5F : 0.0F;
  made.peakCmPerS = made.peakForwardCmPerS;
  made.meanCmPerS = index == 50 ? std::nanf("") : 8.0F;
  made.snrDb = 12.0F;
  made.volumeFlowMlPerMin = 180.0F;
  made.quality = index % 10 == 5 ? kAliased : 0;
  made.grey.assign(kRows, static_cast<std::uint8_t>(index));
  return made;
}

class ReportOfAFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "soleus_report_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    SessionInfo info;
    info.title = "One second by hand";
    info.subject = "P-001";
    info.calibration = calibration();
    info.hasVessel = true;
    info.streams = {"video"};
    auto writer = SessionWriter::create((folder_ / "s.h5").string(), info, false);
    ASSERT_TRUE(writer.ok()) << writer.error().sentence();
    FrameResult frame;
    for (int i = 0; i < 100; ++i) frame.columns.push_back(column(i));
    frame.vessel = {{SessionTime::fromSeconds(0.5), 7.5F, 44.2F, 0.9F}};
    frame.events = {{SessionTime::fromSeconds(0.3), EventKind::kCue, "heel raise"}};
    ASSERT_TRUE(writer.value()->append(frame).ok());
    ASSERT_TRUE(writer.value()->append("video", Gap{0.4, 0.5, 3, "overload"}).ok());
    ASSERT_TRUE(
        writer.value()->finish(SessionState::kComplete, {{"video", {30, 27, {{"overload", 3}}}}}).ok());
    auto reader = SessionReader::open((folder_ / "s.h5").string());
    ASSERT_TRUE(reader.ok()) << reader.error().sentence();
    session_ = std::move(reader).value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
  std::unique_ptr<SessionReader> session_;
};

TEST_F(ReportOfAFile, HasTheNumbersThatWereWritten) {
  const auto made = reportSummary(*session_);
  ASSERT_TRUE(made.ok()) << made.error().sentence();
  const nlohmann::json& summary = made.value();
  EXPECT_EQ(summary["status"], "complete");
  EXPECT_EQ(summary["subject"], "P-001");
  const auto& doppler = summary["doppler"];
  EXPECT_EQ(doppler["columns"], 100);
  EXPECT_NEAR(doppler["covered_s"], 1.0, 1e-6);
  EXPECT_EQ(doppler["peak_forward_cm_per_s"], 62.5);
  EXPECT_NEAR(doppler["peak_forward_time_s"], 0.30, 0.021);
  EXPECT_EQ(doppler["peak_reverse_cm_per_s"], -12.5);
  EXPECT_EQ(doppler["tamean_cm_per_s"], 8.0);
  EXPECT_EQ(doppler["tamean_columns"], 89);
  EXPECT_NEAR(doppler["usable_fraction"], 0.89, 1e-9);  // not the ten aliased, not the one without a mean
  EXPECT_NEAR(summary["vessel"]["diameter_mean_mm"], 7.5, 1e-6);
  EXPECT_NEAR(summary["flow"]["mean_ml_per_min"], 180.0, 1e-6);
  ASSERT_EQ(summary["events"].size(), 1U);
  EXPECT_EQ(summary["events"][0]["label"], "heel raise");
  EXPECT_EQ(summary["events"][0]["kind"], "cue");
  const auto& video = summary["streams"][0];
  EXPECT_EQ(video["dropped"]["overload"], 3);
  EXPECT_EQ(video["balanced"], true);
  ASSERT_EQ(video["gaps"].size(), 1U);
  EXPECT_EQ(video["gaps"][0]["cause"], "overload");
}

TEST_F(ReportOfAFile, DrawsItsSpectrumBetweenTheEdgesOfTheScale) {
  const auto data = chartData(*session_);
  ASSERT_TRUE(data.ok()) << data.error().sentence();
  const auto& spectrum = data.value()["spectrum"];
  EXPECT_NEAR(spectrum["highest_cm_per_s"], 75.0, 1e-6);  // 15 rows of 5 cm/s above the baseline
  EXPECT_NEAR(spectrum["lowest_cm_per_s"], -25.0, 1e-6);
  EXPECT_EQ(spectrum["segments"].size(), 1U);
  EXPECT_EQ(data.value()["charts"].size(), 4U);  // velocity, vessel, flow, SNR
}

TEST_F(ReportOfAFile, BecomesAPage) {
  std::ostringstream page;
  ASSERT_TRUE(writeReport(*session_, "s.h5", page).ok());
  EXPECT_THAT(page.str(), HasSubstr("One second by hand"));
  EXPECT_THAT(page.str(), HasSubstr("\\u003cby hand\\u003e"));
}

}  // namespace
}  // namespace soleus
