#include <gmock/gmock.h>

#include <cmath>

#include "calibration/screen/scale_line.h"

namespace soleus {
namespace {

using testing::ElementsAre;
using testing::Lt;

/// Ticks as a screen draws them: on the middle of the row that the true place lies in.
std::vector<ScaleReading> ticks(double zero, double unitsPerPixel, const std::vector<double>& values) {
  std::vector<ScaleReading> readings;
  for (const double v : values) readings.push_back({std::floor(zero - v / unitsPerPixel) + 0.5, std::abs(v)});
  return readings;
}

TEST(ScaleLine, FindsZeroAndScaleFromNumbersWithoutSigns) {
  const auto line = fitScaleLine(ticks(575.5, 0.428, {100, 50, 0, -50}), {});
  ASSERT_TRUE(line);
  EXPECT_NEAR(line->zeroRow, 575.5, 0.5);
  EXPECT_NEAR(line->unitsPerPixel / 0.428, 1, line->uncertainty);
  EXPECT_THAT(line->uncertainty, Lt(0.005));
}

TEST(ScaleLine, LeavesAMisreadNumberOut) {
  auto readings = ticks(300.5, 0.5, {80, 60, 40, 20, 0});
  readings[1].value = 66;
  const auto line = fitScaleLine(readings, {});
  ASSERT_TRUE(line);
  EXPECT_THAT(line->used, ElementsAre(0, 2, 3, 4));
  EXPECT_NEAR(line->unitsPerPixel, 0.5, 0.5 * line->uncertainty);
}

TEST(ScaleLine, RefusesTwoNumbers) {
  EXPECT_FALSE(fitScaleLine(ticks(300.5, 0.5, {50, 0}), {}));
}

TEST(ScaleLine, RefusesWhenAsManyNumbersLieOffTheLine) {
  const std::vector<ScaleReading> readings = {{10.5, 50}, {60.5, 25}, {110.5, 0},
                                              {20.5, 7},  {75.5, 91}, {90.5, 44}};
  EXPECT_FALSE(fitScaleLine(readings, {}));
}

TEST(ScaleLine, ItsBoundHoldsWhereverTheRowsWereRounded) {
  for (int i = 0; i < 200; ++i) {
    const double scale = 0.8 + 0.001 * i;
    const double zero = 300 + 0.37 * i;
    const auto line = fitScaleLine(ticks(zero, scale, {100, 50, 0, -50}), {});
    ASSERT_TRUE(line) << i;
    EXPECT_LE(std::abs(scale / line->unitsPerPixel - 1), line->uncertainty) << i;
  }
}

TEST(ScaleLine, WholeRowsThatACodecMovedALittleAreTakenForWhole) {
  auto readings = ticks(300.5, 0.5, {80, 60, 40, 20, 0});
  const auto clean = fitScaleLine(readings, {});
  readings[0].row += 0.2;
  readings[3].row -= 0.1;
  const auto moved = fitScaleLine(readings, {});
  ASSERT_TRUE(clean && moved);
  EXPECT_DOUBLE_EQ(moved->unitsPerPixel, clean->unitsPerPixel);
  EXPECT_DOUBLE_EQ(moved->uncertainty, clean->uncertainty);
}

// Dirt beside a tick moves its row so far that few ticks look as if they lay between rows.
TEST(ScaleLine, OnAScreenOfWholeRowsItsBoundHoldsWhereverTicksSeemToLie) {
  for (int i = 0; i < 200; ++i) {
    const double scale = 1.6 + 0.001 * i;
    auto readings = ticks(400.5, scale, {200, 100, 0});
    readings[0].row -= 0.2;
    readings[1].row -= 0.3;
    const auto line = fitScaleLine(readings, {1.1, true, true, true});
    ASSERT_TRUE(line) << i;
    EXPECT_LE(std::abs(scale / line->unitsPerPixel - 1), line->uncertainty + 1e-9) << i;
  }
}

// Dirt beside one of three ticks does not make the screen one that draws between rows.
TEST(ScaleLine, ItsBoundHoldsWhereOneTickOfAFewSeemsToLieBetweenRows) {
  for (int i = 0; i < 200; ++i) {
    const double scale = 1.6 + 0.001 * i;
    auto readings = ticks(400.5, scale, {200, 100, 0, -100});
    readings[0].row -= 0.39;
    const auto line = fitScaleLine(readings, {});
    ASSERT_TRUE(line) << i;
    EXPECT_LE(std::abs(line->unitsPerPixel / scale - 1), line->uncertainty + 1e-9) << i;
  }
}

TEST(ScaleLine, ARowFurtherOffThanRoundingMakesItLessSure) {
  auto readings = ticks(300.5, 0.5, {100, 80, 60, 40, 20, 0});
  const auto clean = fitScaleLine(readings, {1.6, true, true});
  readings[2].row += 1;
  readings[3].row -= 1;
  const auto off = fitScaleLine(readings, {1.6, true, true});
  ASSERT_TRUE(clean && off);
  EXPECT_GT(off->uncertainty, clean->uncertainty);
  EXPECT_NEAR(off->unitsPerPixel, 0.5, 0.5 * off->uncertainty);
}

/// With the row of zero, from which the ticks were placed.
std::vector<ScaleReading> withZero(std::vector<ScaleReading> readings, double row) {
  readings.push_back({row, 0, false});
  return readings;
}

TEST(ScaleLine, AZeroThatIsNotRoundedMakesItSurer) {
  const auto line = fitScaleLine(withZero(ticks(300.5, 0.43, {40, 20, -20}), 300.5), {});
  ASSERT_TRUE(line);
  EXPECT_LT(line->uncertainty, 0.75 * line->roundedUncertainty);
  EXPECT_LE(line->doubt, 0.6);
}

TEST(ScaleLine, ItsBoundHoldsFromAZeroThatIsNotRounded) {
  for (int i = 0; i < 400; ++i) {
    const double scale = 0.3 + 0.001 * i;
    const auto line = fitScaleLine(withZero(ticks(300.5, scale, {40, 20, -20}), 300.5), {});
    ASSERT_TRUE(line) << i;
    EXPECT_LE(std::abs(scale / line->unitsPerPixel - 1), line->uncertainty + 1e-9) << i;
    EXPECT_LE(line->uncertainty, line->roundedUncertainty + 1e-9) << i;
  }
}

// A line that was moved against the ticks is no zero of theirs.
TEST(ScaleLine, AZeroThatDisagreesWithTheTicksIsNotTakenForExact) {
  for (int i = 0; i < 400; ++i) {
    const double scale = 0.3 + 0.001 * i;
    auto readings = ticks(300.5, scale, {40, 20, -20, -40});
    const auto line = fitScaleLine(withZero(readings, 301.5), {});
    ASSERT_TRUE(line) << i;
    EXPECT_DOUBLE_EQ(line->uncertainty, line->roundedUncertainty) << i;
  }
}

// The outermost is seen in the row beside its own: that no line from an exact zero passes through all tells
// it.
TEST(ScaleLine, ItsBoundHoldsWhereAnExactZeroContradictsATick) {
  for (int i = 0; i < 400; ++i) {
    const double scale = 0.2 + 0.001 * i;
    auto readings = ticks(300.5, scale, {40, 20, -20});
    for (const double off : {-1.0, 1.0}) {
      readings[2].row += off;
      const auto line = fitScaleLine(withZero(readings, 300.5), {});
      readings[2].row -= off;
      if (!line || line->used.size() < 4 || line->uncertainty < line->roundedUncertainty) continue;
      EXPECT_LE(std::abs(scale / line->unitsPerPixel - 1), line->uncertainty + 1e-9) << i << ' ' << off;
    }
  }
}

TEST(ScaleLine, RowsThatAreNotWholeHaveNoExactZero) {
  std::vector<ScaleReading> readings;
  for (const ScaleReading& tick : ticks(280.5, 0.45, {60, 40, 20, -20, -40}))
    readings.push_back({tick.row * 1.07, tick.value});
  const auto line = fitScaleLine(withZero(readings, 280.5 * 1.07), {});
  ASSERT_TRUE(line);
  EXPECT_DOUBLE_EQ(line->uncertainty, line->roundedUncertainty);
}

TEST(ScaleLine, DepthRunsDownFromItsZero) {
  const std::vector<ScaleReading> down = {{184.5, 1}, {252.5, 1.5}, {320.5, 2}};
  const auto line = fitScaleLine(down, {1.0, true, false});
  ASSERT_TRUE(line);
  EXPECT_NEAR(line->unitsPerPixel, 1 / 136.0, 1e-4);
  const std::vector<ScaleReading> up = {{320.5, 1}, {252.5, 1.5}, {184.5, 2}};
  EXPECT_FALSE(fitScaleLine(up, {1.0, true, false}));
}

}  // namespace
}  // namespace soleus
