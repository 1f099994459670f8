#include <gmock/gmock.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <set>

#include "calibration/phantom/screen_print.h"
#include "pipeline/core/velocity_axis.h"
#include "tests/unit/phantom_scenarios.h"

namespace soleus {
namespace {

using ::testing::HasSubstr;
using testing::Sketch;

cv::Mat frameOf(const Sketch& sketch) {
  cv::Mat i420;
  sketch.phantom()->render(0, i420);
  return i420;
}

/// Rows of the strip beside which the screen's column `x` is lit, counted on the whole screen.
std::set<int> litRows(const cv::Mat& i420, const Region& strip, int x) {
  constexpr int kDarkestInk = 90;  // every panel is darker, every ink but the frame's brighter
  std::set<int> rows;
  for (int y = strip.y; y < strip.y + strip.height; ++y)
    if (i420.at<std::uint8_t>(y, x) > kDarkestInk) rows.insert(y);
  return rows;
}

/// Rows whose span of velocities holds a multiple of `step`.
std::set<int> rowsOfMultiples(const DopplerCalibration& c, double step) {
  std::set<int> rows;
  for (int row = 0; row < c.region.height; ++row) {
    const double above = velocityOfRow(c, row - 0.5) / step;
    const double below = velocityOfRow(c, row + 0.5) / step;
    if (std::floor(std::max(above, below)) != std::floor(std::min(above, below)))
      rows.insert(c.region.y + row);
  }
  return rows;
}

TEST(PhantomLook, TicksAreDrawnWhereTheTruthSays) {
  struct Case {
    const char* look;
    int length;
    bool minors;
  };
  for (const char* side : {"left", "right"}) {
    for (const Case& c : {Case{"short", 7, false}, Case{"long", 16, false}, Case{"minor", 7, true}}) {
      for (const char* towardHeart : {"up", "down"}) {
        SCOPED_TRACE(std::string(side) + " " + c.look + " " + towardHeart);
        Sketch sketch;
        sketch.towardHeart = towardHeart;
        sketch.baselineFraction = 0.37;
        // 17 cm/s: no row is near two multiples.
        sketch.look = std::string("tick_step_cm_s: 17, panel: grey, frame: true, tick_side: ") + side +
                      ", tick_look: " + c.look;
        const cv::Mat frame = frameOf(sketch);
        const DopplerCalibration truth = *profileOf(sketch.scenario()).doppler;
        const Region& r = truth.region;
        const auto column = [&](int away) {
          return side == std::string("left") ? r.x - 1 - away : r.x + r.width + away;
        };
        const std::set<int> numbered = rowsOfMultiples(truth, 17);
        ASSERT_EQ(numbered.size(), 9U);  // 161 cm/s
        EXPECT_EQ(litRows(frame, r, column(2)), c.minors ? rowsOfMultiples(truth, 17.0 / 5) : numbered);
        EXPECT_EQ(litRows(frame, r, column(2 + c.length - 1)), numbered);
        EXPECT_TRUE(litRows(frame, r, column(2 + c.length)).empty());
        EXPECT_TRUE(litRows(frame, r, column(0)).empty());
      }
    }
  }
}

/// Text of the numbers beside the strip, top first.
std::vector<std::string> numbersOf(const Sketch& sketch) {
  const Scenario scenario = sketch.scenario();
  const ScreenText text(scenario.display.look, scenario.display.height);
  std::vector<std::pair<int, std::string>> found;
  for (const ScreenMark& mark : screenPrint(scenario, profileOf(scenario), text))
    if (mark.role == ScreenMark::Role::kVelocityNumber) found.emplace_back(mark.box.y, mark.text);
  std::sort(found.begin(), found.end());
  std::vector<std::string> numbers;
  for (const auto& [y, number] : found) numbers.push_back(number);
  return numbers;
}

TEST(PhantomLook, SignsFollowTheInvertedScaleAndTheUnit) {
  using ::testing::ElementsAre;
  Sketch sketch;
  sketch.look = "tick_step_cm_s: 50";
  EXPECT_THAT(numbersOf(sketch), ElementsAre("50", "0", "-50"));
  sketch.towardHeart = "down";
  EXPECT_THAT(numbersOf(sketch), ElementsAre("-50", "0", "50"));
  sketch.look = "tick_step_cm_s: 50, positive_side: up";
  EXPECT_THAT(numbersOf(sketch), ElementsAre("50", "0", "-50"));
  sketch.look = "tick_step_cm_s: 50, velocity_unit: m/s, unit_place: at_zero, positive_side: down";
  EXPECT_THAT(numbersOf(sketch), ElementsAre("-0.5", "0.5"));
}

TEST(PhantomLook, BaselineIsAsBrightAsItsColour) {
  for (const auto& [colour, luma] : {std::pair("grey", 110), std::pair("white", 235)}) {
    Sketch sketch;
    sketch.baselineLine = true;
    sketch.baselineFraction = 0.6;
    sketch.look = std::string("baseline_colour: ") + colour;
    const cv::Mat frame = frameOf(sketch);
    const int expected = static_cast<int>(std::lround(16 + 219.0 * luma / 255));
    for (const int x : {40, 200, 439}) EXPECT_NEAR(frame.at<std::uint8_t>(380, x), expected, 1) << colour;
  }
}

TEST(PhantomLook, WhatAScreenCannotPrintIsRefused) {
  const auto sentenceOf = [](const char* look) {
    Sketch sketch;
    sketch.look = look;
    const auto result = parseScenario(sketch.yaml(), "s.yaml");
    return result.ok() ? "" : result.error().sentence();
  };
  EXPECT_EQ(sentenceOf("font: dejavu_sans, wording: symbols"), "");
  EXPECT_THAT(sentenceOf("font: hershey_plain, wording: symbols"), HasSubstr("outline font"));
  EXPECT_THAT(sentenceOf("font: comic_sans"), HasSubstr("liberation_mono"));
  EXPECT_THAT(sentenceOf("digit_height_px: 5"), HasSubstr("digit_height_px"));
  EXPECT_THAT(sentenceOf("ticks: left"), HasSubstr("unknown key"));
}

}  // namespace
}  // namespace soleus
