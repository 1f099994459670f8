#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <sstream>

#include "pipeline/core/measurement.h"
#include "tests/report/synthetic_session.h"
#include "tools/report/chart_data.h"
#include "tools/report/report.h"

namespace soleus {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string pageOf(const SessionReader& session) {
  std::ostringstream out;
  const Status status = writeReport(session, "<odd> name.h5", out);
  EXPECT_TRUE(status.ok());
  return out.str();
}

TEST(WriteReport, LoadsNothing) {
  const std::string page = pageOf(calfRaises(2));
  EXPECT_THAT(page, HasSubstr("Content-Security-Policy\" content=\"default-src 'none'"));
  const std::regex loads(
      R"((src|href|action)\s*=\s*["']?\s*(https?:|//|\w+\.(js|css|png))|@import|url\(\s*["']?https?:)"
      R"(|sourceMappingURL)",
      std::regex::icase | std::regex::optimize);
  // Scripts in one line of 130 kB overflow the stack of std::regex: line by line, in overlapping pieces.
  for (std::size_t at = 0; at < page.size(); at += 1000) {
    std::smatch found;
    const std::string piece = page.substr(at, 1100);
    EXPECT_FALSE(std::regex_search(piece, found, loads)) << found.str();
  }
}

TEST(WriteReport, FillsEverySlotAndEscapesTheName) {
  const std::string page = pageOf(calfRaises(1));
  EXPECT_THAT(page, HasSubstr("<title>Soleus report: &lt;odd&gt; name.h5</title>"));
  EXPECT_FALSE(std::regex_search(page.substr(0, 2000), std::regex(R"(\{\{[A-Z_]+\}\})")));
  EXPECT_THAT(page, Not(HasSubstr("<odd>")));
  EXPECT_THAT(page, Not(HasSubstr("{{SUMMARY_JSON}}")));
  EXPECT_THAT(page, Not(HasSubstr("{{DYGRAPHS_JS}}")));
}

TEST(WriteReport, TextOfTheSessionCannotBecomeMarkup) {
  SyntheticSession session = calfRaises(1);
  session.textAttributes["/"]["calibration"] = "a: </script><img src=x onerror=alert(1)>";
  const std::string page = pageOf(session);
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("a: \\u003c/script\\u003e\\u003cimg"));
}

TEST(WriteReport, SaysThatTheStreamRefused) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  const Status status = writeReport(calfRaises(1), "s.h5", out);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, ErrorKind::kStorage);
}

TEST(WriteReport, StaysSmallForAnHourWithItsPeaks) {
  SyntheticSession session = calfRaises(3600);
  session.columns["/doppler/peak_velocity_forward"][600000] = 199.5;
  const std::string page = pageOf(session);
  EXPECT_LT(page.size(), 6'000'000U);
  EXPECT_THAT(page, HasSubstr("199.5"));
}

TEST(ChartData, KeepsOneMinuteWhole) {
  auto data = chartData(calfRaises(60));
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data.value()["spectrum"]["columns_per_pixel"], 1);
  EXPECT_EQ(data.value()["charts"][0]["rows_per_bin"], 1);
}

TEST(ChartData, EndsLinesWhereNothingWasMeasuredAndInGaps) {
  SyntheticSession session;
  session.columns["/doppler/time"] = {0.0, 0.1, 0.2, 1.2, 1.3};
  session.columns["/doppler/mean_velocity"] = {1, std::nan(""), 3, 4, 5};
  auto data = chartData(session);
  ASSERT_TRUE(data.ok());
  const auto& chart = data.value()["charts"][0];
  EXPECT_EQ(chart["series"][2]["name"], "mean");
  EXPECT_EQ(chart["series"][2]["values"].dump(), "[1.0,null,3.0,null,4.0,5.0]");
  EXPECT_NEAR(chart["time_s"][3], 0.7, 1e-9);
}

TEST(FlaggedStretches, JoinsNeighboursAndMarksTheGapItself) {
  const std::vector<double> timeS = {0.0, 0.1, 0.2, 0.3, 1.3, 1.4};
  const std::vector<double> flags = {0, kLowSnr, kLowSnr | kClipped, 0, kGapBefore | kLowSnr, std::nan("")};
  EXPECT_THAT(flaggedStretchesS(timeS, flags, kLowSnr, 10),
              ElementsAre(DoubleNear(0.05, 1e-9), DoubleNear(0.25, 1e-9), DoubleNear(1.25, 1e-9),
                          DoubleNear(1.35, 1e-9)));
  EXPECT_THAT(flaggedStretchesS(timeS, flags, kGapBefore, 10),
              ElementsAre(DoubleNear(0.35, 1e-9), DoubleNear(1.25, 1e-9)));
}

TEST(FlaggedStretches, AreBounded) {
  std::vector<double> timeS(10000);
  std::vector<double> flags(10000, 0);
  for (std::size_t i = 0; i < timeS.size(); ++i) {
    timeS[i] = 0.004 * static_cast<double>(i);
    if (i % 2 == 0) flags[i] = kClipped;
  }
  EXPECT_LE(flaggedStretchesS(timeS, flags, kClipped, 100).size(), 200U);
}

}  // namespace
}  // namespace soleus
