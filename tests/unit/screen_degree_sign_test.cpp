#include <gmock/gmock.h>

#include <opencv2/imgproc.hpp>
#include <string>

#include "calibration/screen/degree_sign.h"
#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

using testing::SizeIs;

constexpr double kSize = 0.6;
constexpr int kFoot = 40;

/// A theta, its angle and a ring, or part of that, from column 40 on.
cv::Mat angleText(bool theta, const std::string& figures, bool ring) {
  cv::Mat ink = cv::Mat::zeros(480, 240, CV_8UC1);
  if (theta) {
    cv::ellipse(ink, {46, kFoot - 6}, {4, 6}, 0, 0, 360, 200, 1, cv::LINE_AA);
    cv::line(ink, {42, kFoot - 6}, {50, kFoot - 6}, 200, 1);
  }
  cv::putText(ink, figures, {60, kFoot}, cv::FONT_HERSHEY_DUPLEX, kSize, 200, 1, cv::LINE_AA);
  int below = 0;
  const int end = 60 + cv::getTextSize(figures, cv::FONT_HERSHEY_DUPLEX, kSize, 1, &below).width;
  if (ring) cv::circle(ink, {end + 4, kFoot - 10}, 2, 200, 1);
  return ink;
}

std::vector<TextLine> read(const cv::Mat& ink) {
  static const auto reader = TextReader::open();
  return anglesByRing(ink, letterBoxes(ink), reader.value());
}

TEST(DegreeSign, TellsTheAngleBeforeIt) {
  for (const char* angle : {"45", "60", "62"}) {
    const auto found = read(angleText(true, angle, true));
    ASSERT_THAT(found, SizeIs(1)) << angle;
    EXPECT_EQ(found.front().text, std::string(angle) + "\xC2\xB0");
  }
}

TEST(DegreeSign, ThreeFiguresAreNoAngle) {
  EXPECT_THAT(read(angleText(false, "645", true)), SizeIs(0));
  EXPECT_THAT(read(angleText(true, "645", true)), SizeIs(0));
}

TEST(DegreeSign, NothingWithoutARingOrATheta) {
  EXPECT_THAT(read(angleText(true, "45", false)), SizeIs(0));
  EXPECT_THAT(read(angleText(false, "45", true)), SizeIs(0));
  cv::Mat dot = angleText(true, "45", false);
  cv::circle(dot, {88, kFoot - 10}, 2, 200, cv::FILLED);
  EXPECT_THAT(read(dot), SizeIs(0));
}

// "Steer 10°": a word, not a letter, stands before it.
TEST(DegreeSign, AWordBeforeItIsNoTheta) {
  cv::Mat ink = angleText(true, "10", true);
  cv::putText(ink, "St", {18, kFoot}, cv::FONT_HERSHEY_DUPLEX, kSize, 200, 1, cv::LINE_AA);
  EXPECT_THAT(read(ink), SizeIs(0));
}

}  // namespace
}  // namespace soleus
