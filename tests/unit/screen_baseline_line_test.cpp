#include <gmock/gmock.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "calibration/screen/baseline_line.h"

namespace soleus {
namespace {

constexpr int kRow = 60;
constexpr double kScaled = 1.07;

/// A line in faint noise, with flow that grows brighter away from it on one side.
ScreenPicture lineAt(int row) {
  ScreenPicture picture;
  picture.mean = cv::Mat(120, 300, CV_8U, cv::Scalar(6));
  for (int y = 0; y < row; ++y) picture.mean.row(y).setTo(std::min(120, 20 + 6 * (row - y)));
  picture.mean.row(row).setTo(200);
  picture.range = cv::Mat(120, 300, CV_8U, cv::Scalar(60));
  picture.range.row(row).setTo(4);
  return picture;
}

/// As a grabber delivers it that scales what it gets.
ScreenPicture scaled(const ScreenPicture& picture, int rows) {
  ScreenPicture result;
  const cv::Size size(picture.mean.cols, rows);
  cv::resize(picture.mean, result.mean, size, 0, 0, cv::INTER_LINEAR);
  cv::resize(picture.range, result.range, size, 0, 0, cv::INTER_LINEAR);
  return result;
}

TEST(BaselineLine, ALineOfOneRowIsSharpAndLiesInItsMiddle) {
  const auto line = findBaselineLine(lineAt(kRow), {20, 10, 260, 100});
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->sharp);
  EXPECT_DOUBLE_EQ(line->row, kRow + 0.5);
}

// The strip was found some columns too wide, and reaches to the tick at zero.
TEST(BaselineLine, EndsWhereItIsDrawnAndNotWithTheTickBeyond) {
  ScreenPicture picture = lineAt(kRow);
  for (const int x : {30, 31, 270, 271}) picture.mean.at<uchar>(kRow, x) = 60;
  picture.mean.row(kRow).colRange(0, 22).setTo(6);
  const auto line = findBaselineLine(picture, {24, 10, 254, 100});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->leftPx, 32);
  EXPECT_EQ(line->rightPx, 270);
}

TEST(BaselineLine, EndsWhereAPanelAsBrightAsItBegins) {
  ScreenPicture picture = lineAt(kRow);
  picture.mean.row(kRow).setTo(100);
  for (const cv::Range& panel : {cv::Range(0, 32), cv::Range(270, 300)}) {
    picture.mean.colRange(panel).setTo(54);
    picture.range.colRange(panel).setTo(2);
  }
  const auto line = findBaselineLine(picture, {30, 10, 242, 100});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->leftPx, 32);
  EXPECT_EQ(line->rightPx, 270);
}

TEST(BaselineLine, WhatCodecsLeaveBesideItDoesNotBlurIt) {
  ScreenPicture picture = lineAt(kRow);
  picture.mean.row(kRow + 1).setTo(50);
  const auto line = findBaselineLine(picture, {20, 10, 260, 100});
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->sharp);
}

// Over a spectrum full of flow the mean hides a line; between its waves it stands out.
TEST(BaselineLine, IsFoundSharpBetweenWaves) {
  ScreenPicture picture = lineAt(kRow);
  picture.mean.row(kRow - 1).setTo(140);
  EXPECT_FALSE(findBaselineLine(picture, {20, 10, 260, 100})->sharp);
  cv::Mat frame(120, 300, CV_8U, cv::Scalar(0));
  frame(cv::Rect(0, 0, 200, kRow)).setTo(180);
  frame.row(kRow).setTo(200);
  cv::merge(std::vector<cv::Mat>{frame, frame, frame}, picture.sample);
  EXPECT_TRUE(findBaselineLine(picture, {20, 10, 260, 100})->sharp);
  frame.row(kRow - 1).setTo(110);
  cv::merge(std::vector<cv::Mat>{frame, frame, frame}, picture.sample);
  EXPECT_FALSE(findBaselineLine(picture, {20, 10, 260, 100})->sharp);
}

// Whether a scaled line falls on one row or on two is chance: where it looks sharp, it has to lie where it
// is.
TEST(BaselineLine, AScaledLineIsNotSharpUnlessItLiesInTheMiddleOfARow) {
  int blurred = 0;
  for (int row = 45; row < 75; ++row) {
    const auto line =
        findBaselineLine(scaled(lineAt(row), static_cast<int>(120 * kScaled)), {20, 10, 260, 108});
    if (!line) continue;
    blurred += line->sharp ? 0 : 1;
    const double truth = (row + 0.5) * static_cast<int>(120 * kScaled) / 120;
    EXPECT_TRUE(!line->sharp || std::abs(line->row - truth) < 0.3) << row;
  }
  EXPECT_GE(blurred, 10);
}

}  // namespace
}  // namespace soleus
