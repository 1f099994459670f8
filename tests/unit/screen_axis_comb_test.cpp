#include <gmock/gmock.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "calibration/screen/axis_comb.h"

namespace soleus {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr double kZero = 150.5;
constexpr double kUnitsPerPixel = 0.4321;
constexpr int kTickX = 40;
const cv::Range kRows(20, 280);

struct Axis {
  cv::Mat ink = cv::Mat::zeros(300, 100, CV_8U);
  std::vector<AxisNumber> numbers;
  ScaleLine line;
};

int rowOf(double value) {
  return static_cast<int>(std::floor(kZero - value / kUnitsPerPixel));
}

void tick(cv::Mat& ink, double value, int length) {
  ink(cv::Rect(kTickX, rowOf(value), length, 1)).setTo(200);
}

/// Numbers at -40, -20, 0, 20 and 40, and `parts` - 1 small ticks between two of them.
Axis axisInParts(int parts) {
  Axis axis;
  axis.line.zeroRow = kZero;
  axis.line.unitsPerPixel = kUnitsPerPixel * 1.004;  // what few ticks leave open
  for (int k = -2 * parts; k <= 2 * parts; ++k) {
    const double value = 20.0 * k / parts;
    const bool numbered = k % parts == 0;
    tick(axis.ink, value, numbered ? 7 : 4);
    if (!numbered) continue;
    AxisNumber number;
    number.row = rowOf(value) + 0.5;
    number.value = std::abs(value);
    number.box = {kTickX + 12, rowOf(value) - 5, 18, 11};
    axis.ink(number.box).setTo(180);
    axis.numbers.push_back(number);
  }
  return axis;
}

TEST(AxisComb, EveryTickBetweenNumbersIsFoundAndSaysWhatItStandsFor) {
  const Axis axis = axisInParts(5);
  const auto ticks = unnumberedTicks(axis.ink, axis.line, axis.numbers, kRows);
  ASSERT_THAT(ticks, SizeIs(16));
  for (const ScaleReading& t : ticks)
    EXPECT_NEAR(std::abs(kZero - t.row), t.value / kUnitsPerPixel, 0.51) << t.value;
}

TEST(AxisComb, MakesTheLineSurer) {
  const Axis axis = axisInParts(5);
  std::vector<ScaleReading> readings(axis.numbers.begin(), axis.numbers.end());
  const auto few = fitScaleLine(readings, {});
  const auto ticks = unnumberedTicks(axis.ink, axis.line, axis.numbers, kRows);
  readings.insert(readings.end(), ticks.begin(), ticks.end());
  const auto many = fitScaleLine(readings, {});
  ASSERT_TRUE(few && many);
  EXPECT_LT(many->uncertainty, few->uncertainty / 1.5);
  EXPECT_NEAR(many->unitsPerPixel / kUnitsPerPixel, 1, many->uncertainty);
}

TEST(AxisComb, TicksBeyondTheNumbersCountAsWell) {
  Axis axis = axisInParts(4);
  tick(axis.ink, 45, 4);
  tick(axis.ink, -50, 4);
  EXPECT_THAT(unnumberedTicks(axis.ink, axis.line, axis.numbers, kRows), SizeIs(14));
}

TEST(AxisComb, AFewMarksBetweenNumbersAreNoDivision) {
  Axis axis = axisInParts(1);
  tick(axis.ink, 4, 4);
  tick(axis.ink, 30, 4);
  EXPECT_THAT(unnumberedTicks(axis.ink, axis.line, axis.numbers, kRows), IsEmpty());
}

TEST(AxisComb, WhatIsThickerThanATickIsNone) {
  Axis axis = axisInParts(5);
  axis.ink(cv::Rect(kTickX, rowOf(4) - 3, 4, 7)).setTo(200);
  EXPECT_THAT(unnumberedTicks(axis.ink, axis.line, axis.numbers, kRows), SizeIs(15));
}

TEST(AxisComb, TicksOfOneRowAreSharp) {
  const Axis axis = axisInParts(5);
  EXPECT_TRUE(ticksAreSharp(axis.ink, axis.numbers));
}

TEST(AxisComb, TicksOfAScaledPictureAreNot) {
  const Axis drawn = axisInParts(5);
  Axis scaled;
  cv::resize(drawn.ink, scaled.ink, {}, 1.07, 1.07, cv::INTER_LINEAR);
  for (AxisNumber number : drawn.numbers) {
    number.row *= 1.07;
    number.box = {static_cast<int>(number.box.x * 1.07), static_cast<int>(number.box.y * 1.07), 20, 12};
    scaled.numbers.push_back(number);
  }
  EXPECT_FALSE(ticksAreSharp(scaled.ink, scaled.numbers));
}

// The corner of a frame, two rows above the first tick and beside it, had drawn its row upwards.
TEST(AxisComb, ATicksRowIsThatOfTheColumnsThatAllTicksShare) {
  Axis axis = axisInParts(1);
  const double row = axis.numbers.front().row;
  axis.ink(cv::Rect(kTickX - 3, static_cast<int>(row) - 2, 3, 1)).setTo(150);
  axis.numbers.front().row -= 1.2;
  const auto found = onSharedColumns(axis.ink, axis.numbers);
  EXPECT_NEAR(found.front().row, row, 0.05);
  // What a codec moves a little stays as it was found.
  axis.numbers.back().row += 0.3;
  EXPECT_DOUBLE_EQ(onSharedColumns(axis.ink, axis.numbers).back().row, axis.numbers.back().row);
}

}  // namespace
}  // namespace soleus
