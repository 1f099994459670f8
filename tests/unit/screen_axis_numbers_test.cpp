#include <gmock/gmock.h>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "calibration/screen/axis_numbers.h"
#include "calibration/screen/text_places.h"
#include "calibration/screen/text_reader.h"

namespace soleus {
namespace {

const cv::Rect kRegion(20, 40, 200, 200);
constexpr int kTickX = 222;

/// A number on its tick to the right of the region.
void number(cv::Mat& ink, const std::string& text, int row) {
  ink(cv::Rect(kTickX, row, 7, 1)).setTo(220);
  cv::putText(ink, text, {kTickX + 12, row + 6}, cv::FONT_HERSHEY_SIMPLEX, 0.55, 220, 1, cv::LINE_AA);
}

std::vector<AxisColumn> columnsOf(const cv::Mat& ink) {
  const auto reader = TextReader::open();
  return axisColumns(ink, letterBoxes(ink), {kRegion, 80}, reader.value());
}

const AxisNumber* numberAt(const std::vector<AxisColumn>& columns, int row) {
  for (const AxisColumn& column : columns) {
    if (!column.ticked) continue;
    for (const AxisNumber& n : column.numbers) {
      if (std::abs(n.row - row - 0.5) < 0.3) return &n;
    }
  }
  return nullptr;
}

TEST(AxisNumbers, AreReadAtTheRowsOfTheirTicks) {
  cv::Mat ink = cv::Mat::zeros(300, 320, CV_8U);
  number(ink, "60", 70);
  number(ink, "40", 120);
  number(ink, "20", 170);
  const auto columns = columnsOf(ink);
  for (const auto& [row, value] : {std::pair{70, 60.0}, {120, 40.0}, {170, 20.0}}) {
    const AxisNumber* n = numberAt(columns, row);
    ASSERT_NE(n, nullptr) << row;
    EXPECT_EQ(n->value, value);
  }
}

TEST(AxisNumbers, WhatEndsAtATickDoesNotMoveIt) {
  cv::Mat ink = cv::Mat::zeros(300, 320, CV_8U);
  number(ink, "60", 70);
  number(ink, "40", 120);
  number(ink, "20", 170);
  ink(cv::Rect(kTickX + 2, 58, 1, 12)).setTo(150);
  const auto columns = columnsOf(ink);
  const AxisNumber* n = numberAt(columns, 70);
  ASSERT_NE(n, nullptr);
  EXPECT_NEAR(n->row, 70.5, 0.01);
}

TEST(AxisNumbers, AFramesLineIsNoTickOfTheNumberBesideIt) {
  cv::Mat ink = cv::Mat::zeros(300, 320, CV_8U);
  number(ink, "60", 43);
  number(ink, "40", 93);
  number(ink, "20", 143);
  ink(cv::Rect(18, 38, 204, 1)).setTo(220);
  const auto columns = columnsOf(ink);
  const AxisNumber* n = numberAt(columns, 43);
  ASSERT_NE(n, nullptr);
  EXPECT_EQ(n->value, 60);
}

}  // namespace
}  // namespace soleus
