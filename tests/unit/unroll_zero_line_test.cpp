#include <gtest/gtest.h>

#include <opencv2/core.hpp>
#include <random>

#include "pipeline/doppler/zero_line.h"

namespace soleus {
namespace {

constexpr int kColumns = 400;
constexpr int kRows = 200;

/// Noise everywhere and flow that comes and goes beside row 90.
cv::Mat spectrum() {
  std::mt19937 random(7);
  std::exponential_distribution<double> power(1.0);
  cv::Mat grey(kColumns, kRows, CV_8U);
  for (int c = 0; c < kColumns; ++c) {
    const bool flow = c % 100 < 40;
    for (int i = 0; i < kRows; ++i) {
      const double db = 10 * std::log10(power(random)) + (flow && i >= 90 && i < 150 ? 25 : 8);
      grey.at<std::uint8_t>(c, i) = cv::saturate_cast<std::uint8_t>(5 * db);
    }
  }
  return grey;
}

void drawLine(cv::Mat& grey, int row, int value) {
  grey.col(row).setTo(value);
}

TEST(ZeroLine, IsFoundWhereItIsDrawn) {
  for (const int row : {20, 88, 150}) {
    cv::Mat grey = spectrum();
    drawLine(grey, row, 150);
    const auto line = drawnZeroLine(grey);
    ASSERT_TRUE(line) << row;
    EXPECT_NEAR(*line, row + 0.5, 0.01);
  }
  cv::Mat thick = spectrum();
  drawLine(thick, 88, 150);
  drawLine(thick, 89, 150);
  EXPECT_NEAR(drawnZeroLine(thick).value_or(0), 89, 0.01);
}

// Slow flow that shines more than the line, most of the time.
TEST(ZeroLine, IsFoundInBrightFlow) {
  cv::Mat grey = spectrum();
  for (int c = 0; c < kColumns; ++c) {
    for (int i = 80; i < 110; ++i)
      grey.at<std::uint8_t>(c, i) = static_cast<std::uint8_t>(40 + (c * 37 + i) % 160);
  }
  EXPECT_FALSE(drawnZeroLine(grey));
  drawLine(grey, 92, 110);
  EXPECT_NEAR(drawnZeroLine(grey).value_or(0), 92.5, 0.01);
}

TEST(ZeroLine, IsNotFoundWithoutOneOrWithTwo) {
  EXPECT_FALSE(drawnZeroLine(spectrum()));
  cv::Mat two = spectrum();
  drawLine(two, 60, 150);
  drawLine(two, 120, 150);
  EXPECT_FALSE(drawnZeroLine(two));
  EXPECT_FALSE(drawnZeroLine(cv::Mat(50, kRows, CV_8U, cv::Scalar(0))));
  EXPECT_FALSE(drawnZeroLine(cv::Mat()));
  // The edge of something filled is no line.
  cv::Mat filled = spectrum();
  filled.colRange(60, 90).setTo(150);
  EXPECT_FALSE(drawnZeroLine(filled));
}

}  // namespace
}  // namespace soleus
