#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
#include <set>

#include "calibration/phantom/random_screen.h"
#include "calibration/phantom/screen_background.h"
#include "calibration/phantom/screen_print.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeeds = 40;  // drawing is ten times slower there, and they run the same code
#else
constexpr std::uint64_t kSeeds = 300;
#endif

const std::vector<Scenario>& screens() {
  static const std::vector<Scenario> kScreens = [] {
    std::vector<Scenario> all;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) all.push_back(randomScreen(seed));
    return all;
  }();
  return kScreens;
}

std::vector<ScreenMark> marksOf(const Scenario& scenario) {
  return screenPrint(scenario, profileOf(scenario),
                     ScreenText(scenario.display.look, scenario.display.height));
}

cv::Rect rectOf(const Region& r) {
  return {r.x, r.y, r.width, r.height};
}

TEST(RandomScreen, EverySeedGivesAWholeScenario) {
  for (const Scenario& s : screens()) {
    SCOPED_TRACE(s.name);
    const auto again = parseScenario(s.yaml, "again");
    ASSERT_TRUE(again.ok()) << again.error().sentence();
    EXPECT_GE(s.durationS, 8);
    EXPECT_LE(s.durationS, 12);
    const cv::Rect screen(0, 0, s.display.width, s.display.height);
    const cv::Rect strip = rectOf(s.display.dopplerRegion);
    const cv::Rect bmode = rectOf(s.display.bmodeRegion);
    EXPECT_EQ(strip & screen, strip);
    EXPECT_EQ(bmode & screen, bmode);
    EXPECT_TRUE((strip & bmode).empty());
    ASSERT_TRUE(s.contractions);
    EXPECT_LT(s.contractions->peakCmPerS, 2 * nyquistCmPerS(s.scanner));
    EXPECT_GT(s.contractions->peakCmPerS, s.flow.restPeakCmPerS);
  }
}

TEST(RandomScreen, SameSeedSameScreen) {
  std::set<std::string> different;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::string yaml = randomScreen(seed).yaml;
    EXPECT_EQ(yaml, screens()[seed - 1].yaml);
    different.insert(yaml);
  }
  EXPECT_EQ(different.size(), 20U);
}

TEST(RandomScreen, EveryKindOccurs) {
  if (kSeeds < 300) GTEST_SKIP() << "too few screens";
  std::map<std::string, int> seen;
  for (const Scenario& s : screens()) {
    const ScreenLook& look = s.display.look;
    const auto count = [&](const char* what, auto value) {
      ++seen[what + std::to_string(static_cast<int>(value))];
    };
    count("width ", s.display.width);
    count("font ", look.font);
    count("text ", look.text);
    count("panel ", look.panel);
    count("frame ", look.frame);
    count("tick side ", look.tickSide);
    count("tick look ", look.tickLook);
    count("unit ", look.unit);
    count("unit place ", look.unitPlace);
    count("positive ", look.positiveSide.has_value());
    count("baseline ", look.baseline);
    count("depth ", look.depthSide);
    count("time ticks ", look.timeTicks);
    count("settings ", look.settings);
    count("wording ", look.wording);
    count("mode ", s.display.mode);
    count("toward heart ", s.display.towardHeart);
    count("tint ", s.faults.tint);
    count("rate ", s.display.frameRateNumerator);
    ++seen["codec " + s.video.codec];
    ++seen[s.name.substr(s.name.rfind(' '))];
  }
  // 5 sizes, 10 fonts, 5 colours, ...: all that the generator knows, each often enough to be a test.
  EXPECT_EQ(seen.size(), 5U + 10 + 5 + 3 + 2 + 2 + 3 + 2 + 3 + 2 + 6 + 2 + 5 + 4 + 3 + 2 + 2 + 4 + 3 + 4 + 3);
  for (const auto& [what, times] : seen) EXPECT_GE(times, 6) << what;
}

/// Where `text` has ink, drawn alone.
cv::Mat inkOf(const ScreenText& text, const ScreenMark& mark, const cv::Rect& around) {
  cv::Mat scratch(around.size(), CV_8UC3, cv::Scalar(0, 0, 0));
  text.draw(scratch, mark.text, mark.origin - around.tl(), cv::Scalar::all(255), mark.shrink);
  cv::Mat ink;
  cv::extractChannel(scratch, ink, 0);
  return ink > 64;
}

TEST(RandomScreen, TextNeitherOverlapsNorIsCutOffNorEntersARegion) {
  for (const Scenario& s : screens()) {
    SCOPED_TRACE(s.name);
    const ScreenText text(s.display.look, s.display.height);
    EXPECT_GE(text.digitHeightPx(), 9);
    // A margin round the screen shows what would be cut off.
    constexpr int kMargin = 60;
    cv::Mat taken(s.display.height + 2 * kMargin, s.display.width + 2 * kMargin, CV_8UC1, cv::Scalar(255));
    const cv::Point shift(kMargin, kMargin);
    taken(cv::Rect(shift, cv::Size(s.display.width, s.display.height))).setTo(0);
    for (const Region& region : {s.display.dopplerRegion, s.display.bmodeRegion})
      taken(rectOf(region) + shift).setTo(255);
    const std::vector<ScreenMark> marks = marksOf(s);
    for (const ScreenMark& mark : marks)
      if (mark.text.empty()) taken(mark.box + shift).setTo(255);
    for (const ScreenMark& mark : marks) {
      if (mark.text.empty()) continue;
      const cv::Rect around =
          cv::Rect(mark.box.x - 20, mark.box.y - 20, mark.box.width + 40, mark.box.height + 40) &
          cv::Rect(-kMargin, -kMargin, taken.cols, taken.rows);
      const cv::Mat ink = inkOf(text, mark, around);
      cv::Mat place = taken(around + shift);
      EXPECT_GT(cv::countNonZero(ink), 0) << mark.text;
      EXPECT_EQ(cv::countNonZero(ink & place), 0) << mark.text;
      place.setTo(255, ink);
    }
  }
}

TEST(RandomScreen, NumbersStandAtTheirVelocity) {
  for (const Scenario& s : screens()) {
    SCOPED_TRACE(s.name);
    const DopplerCalibration truth = *profileOf(s).doppler;
    const bool metres = s.display.look.unit == ScreenLook::Unit::kMPerS;
    const bool flipped = s.display.look.positiveSide && *s.display.look.positiveSide != s.display.towardHeart;
    int numbers = 0;
    for (const ScreenMark& mark : marksOf(s)) {
      if (mark.role != ScreenMark::Role::kVelocityNumber) continue;
      const double cmPerS = std::stod(mark.text) * (metres ? 100 : 1) * (flipped ? -1 : 1);
      const double middle = mark.box.y + (mark.box.height - 1) / 2.0;
      // The tick is the pixel nearest to its velocity, and text begins at whole pixels.
      EXPECT_NEAR(velocityOfRow(truth, middle - truth.region.y), cmPerS, 1.6 * truth.cmPerSPerPixel);
      ++numbers;
    }
    EXPECT_GE(numbers, 3);
  }
}

TEST(RandomScreen, TicksOfTheVelocityScaleAreLit) {
  for (const Scenario& s : screens()) {
    SCOPED_TRACE(s.name);
    const CalibrationProfile profile = profileOf(s);
    const cv::Mat frame = screenBackground(s, profile);
    const DopplerCalibration& truth = *profile.doppler;
    const Region& r = truth.region;
    const int x = s.display.look.tickSide == Edge::kLeft ? r.x - 3 : r.x + r.width + 2;
    std::vector<double> lit;
    for (int y = r.y; y < r.y + r.height; ++y)
      if (frame.at<std::uint8_t>(y, x) > 90) lit.push_back(velocityOfRow(truth, y - r.y));
    ASSERT_GE(lit.size(), 3U);
    // Evenly spaced, one of them at zero, no two next to each other.
    const double step = (lit.back() - lit.front()) / static_cast<double>(lit.size() - 1);
    bool zero = false;
    for (std::size_t k = 0; k < lit.size(); ++k) {
      EXPECT_NEAR(lit[k], lit.front() + static_cast<double>(k) * step, 1.01 * truth.cmPerSPerPixel);
      zero = zero || lit[k] == 0;
    }
    EXPECT_TRUE(zero);
    EXPECT_GT(std::abs(step), 2 * truth.cmPerSPerPixel);
  }
}

}  // namespace
}  // namespace soleus
