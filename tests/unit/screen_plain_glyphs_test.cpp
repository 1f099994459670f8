#include <gtest/gtest.h>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "calibration/screen/plain_glyphs.h"

namespace soleus {
namespace {

int blobs(const cv::Mat& tones) {
  cv::Mat labels;
  return cv::connectedComponents(tones, labels) - 1;
}

cv::Mat ring() {
  cv::Mat ink = cv::Mat::zeros(16, 26, CV_8U);
  cv::ellipse(ink, {9, 8}, {4, 6}, 0, 0, 360, 200, 1, cv::LINE_AA);
  return ink;
}

TEST(PlainGlyphs, TheDotInAZeroGoes) {
  cv::Mat ink = ring();
  ink(cv::Rect(9, 8, 1, 1)).setTo(200);
  const cv::Mat plain = plainGlyphs(ink);
  EXPECT_EQ(blobs(plain), 1);
  EXPECT_EQ(plain.at<uchar>(plain.rows / 2, plain.rows * 9 / 16), 0);
}

TEST(PlainGlyphs, ADecimalPointStays) {
  cv::Mat ink = ring();
  ink(cv::Rect(18, 13, 2, 2)).setTo(200);
  EXPECT_EQ(blobs(plainGlyphs(ink)), 2);
}

TEST(PlainGlyphs, HasTwoTonesAndAHeightThatReadersLike) {
  const cv::Mat plain = plainGlyphs(ring());
  EXPECT_EQ(plain.rows, 48);
  EXPECT_EQ(cv::countNonZero(plain) + cv::countNonZero(plain == 0), static_cast<int>(plain.total()));
  EXPECT_EQ(cv::countNonZero((plain != 0) & (plain != 255)), 0);
}

}  // namespace
}  // namespace soleus
