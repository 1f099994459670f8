// Opens reports in headless Chromium: the scripts must run to their end, and the picture must show what it
// says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <string>

#include "tests/report/synthetic_session.h"
#include "tools/report/report.h"

namespace soleus {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

/// Pixels within 12 levels of a colour in every channel: antialiasing keeps a line's core that near.
int pixelsNear(const cv::Mat& picture, int red, int green, int blue) {
  cv::Mat mask;
  cv::inRange(picture, cv::Scalar(blue - 12, green - 12, red - 12),
              cv::Scalar(blue + 12, green + 12, red + 12), mask);
  return cv::countNonZero(mask);
}

class Browser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string(SOLEUS_CHROMIUM).empty())
      GTEST_SKIP() << "no Chromium found when the build was configured";
    std::string name = (fs::temp_directory_path() / "soleus_report_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    // SOLEUS_KEEP_REPORTS leaves pages and pictures for a person to look at.
    if (!folder_.empty() && std::getenv("SOLEUS_KEEP_REPORTS") == nullptr) fs::remove_all(folder_);
  }

  void write(const SessionReader& session) {
    std::ofstream page(folder_ / "report.html", std::ios::binary);
    const Status status = writeReport(session, "session.h5", page);
    ASSERT_TRUE(status.ok()) << status.error().sentence();
  }

  void run(const std::string& arguments, const std::string& output) {
    const std::string command =
        std::string(SOLEUS_CHROMIUM) +
        " --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
        " --disable-background-networking --disable-component-update --disable-sync "
        "--virtual-time-budget=5000"
        " --user-data-dir=" +
        (folder_ / "profile").string() + " " + arguments + " file://" + (folder_ / "report.html").string() +
        " > " + (folder_ / output).string() + " 2> " + (folder_ / "browser.log").string();
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  /// The document as text after its scripts have run.
  std::string dom() {
    run("--dump-dom", "dom.html");
    std::ifstream file(folder_ / "dom.html");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  cv::Mat picture(int widthPx, int heightPx) {
    const std::string shot = (folder_ / ("shot" + std::to_string(widthPx) + ".png")).string();
    run("--screenshot=" + shot + " --window-size=" + std::to_string(widthPx) + "," + std::to_string(heightPx),
        "shot.log");
    return cv::imread(shot);
  }

  fs::path folder_;
};

TEST_F(Browser, DrawsEveryChartWithoutAScriptError) {
  ASSERT_NO_FATAL_FAILURE(write(calfRaises(30)));
  const std::string page = dom();
  const std::string body = page.substr(page.find("<body"), 200);
  EXPECT_THAT(body, HasSubstr("data-ready=\"charts:5\""));  // velocity, vessel, flow, SNR, flags
  EXPECT_THAT(body, Not(HasSubstr("data-error")));
  EXPECT_THAT(page, HasSubstr("Subject P-007 · left leg · standing calf raises"));
  EXPECT_THAT(page, HasSubstr("heel raise &lt;2&gt; &amp; more"));
  EXPECT_THAT(page, HasSubstr("overload 20"));
}

TEST_F(Browser, ShowsSpectrumAndTracesAtBothWidths) {
  ASSERT_NO_FATAL_FAILURE(write(calfRaises(30)));
  for (const int widthPx : {1280, 820}) {
    const cv::Mat shot = picture(widthPx, 1600);
    ASSERT_EQ(shot.cols, widthPx);
    // A trace crosses some two thirds of the page's width; an absent one leaves only its swatch of about 100
    // px.
    EXPECT_GT(pixelsNear(shot, 0xE6, 0x9F, 0x00), 400) << "peak toward heart";
    EXPECT_GT(pixelsNear(shot, 0xF0, 0xE4, 0x42), 400) << "mean velocity";
    EXPECT_GT(pixelsNear(shot, 0x56, 0xB4, 0xE9), 200) << "peak away";
    // The spectrum's black background covers over a tenth of the page, and nothing else is black.
    EXPECT_GT(pixelsNear(shot, 0, 0, 0), widthPx * 1600 / 20) << "spectrum";
  }
}

TEST_F(Browser, PrintsItsCharts) {
  if (std::system("command -v pdftoppm > /dev/null") != 0)
    GTEST_SKIP() << "no pdftoppm to look at paper with";
  ASSERT_NO_FATAL_FAILURE(write(calfRaises(30)));
  const std::string pages = (folder_ / "page").string();
  run("--print-to-pdf=" + pages + ".pdf --window-size=1280,1600", "print.log");
  ASSERT_EQ(std::system(("pdftoppm -r 200 -png " + pages + ".pdf " + pages).c_str()), 0);
  int trace = 0;
  int spectrum = 0;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (!entry.path().filename().string().starts_with("page-")) continue;
    const cv::Mat page = cv::imread(entry.path().string());
    trace += pixelsNear(page, 0xE6, 0x9F, 0x00);
    spectrum += pixelsNear(page, 0, 0, 0);
  }
  // At 200 dpi. The legend alone has 370, and a page whose charts are missing 16,000 black ones.
  EXPECT_GT(trace, 450) << "peak toward heart";
  EXPECT_GT(spectrum, 120000) << "spectrum";
}

TEST_F(Browser, DrawsARowForEachSignalAndNamesTheRest) {
  SyntheticSession session = calfRaises(30);
  for (const char* name : {"emg", "force", "flow", "x", "y"}) addSignal(session, name, "mV", 0, 30, 500);
  auto& c = session.columns;
  c["/contractions/contraction"] = {1, 2};
  c["/contractions/onset_s"] = {1.9, 7.85};
  c["/contractions/flow_onset_s"] = {2.0, 8.0};
  c["/contractions/end_s"] = {2.7, 8.7};
  c["/contractions/onset_source"] = {1, 1};
  c["/contractions/quality"] = {1, 1};
  ASSERT_NO_FATAL_FAILURE(write(session));
  const std::string page = dom();
  const std::string body = page.substr(page.find("<body"), 200);
  EXPECT_THAT(body, HasSubstr("data-ready=\"charts:9\""));  // four of them signals
  EXPECT_THAT(body, Not(HasSubstr("data-error")));
  EXPECT_THAT(page, HasSubstr("Not drawn for want of room: 'y'."));
  EXPECT_THAT(page, HasSubstr("Muscle to flow (s)"));
  EXPECT_THAT(page, HasSubstr("EMG to flow, contractions"));
}

TEST_F(Browser, SaysWhenASessionIsNotComplete) {
  SyntheticSession session = calfRaises(10);
  session.textAttributes["/"]["status"] = "interrupted";
  session.textAttributes["/"]["subject"] = "</script><script>document.body.dataset.error='injected'</script>";
  ASSERT_NO_FATAL_FAILURE(write(session));
  const std::string page = dom();
  const std::string body = page.substr(page.find("<body"), 200);
  EXPECT_THAT(body, HasSubstr("data-ready"));
  EXPECT_THAT(body, Not(HasSubstr("data-error")));
  EXPECT_THAT(page, HasSubstr("Session status: interrupted."));
  EXPECT_THAT(page, HasSubstr("Subject &lt;/script&gt;"));
}

TEST_F(Browser, DrawsASessionThatHoldsAlmostNothing) {
  SyntheticSession session;
  session.textAttributes["/"]["status"] = "complete";
  ASSERT_NO_FATAL_FAILURE(write(session));
  const std::string page = dom();
  const std::string body = page.substr(page.find("<body"), 200);
  EXPECT_THAT(body, HasSubstr("data-ready=\"charts:0\""));
  EXPECT_THAT(body, Not(HasSubstr("data-error")));
}

}  // namespace
}  // namespace soleus
