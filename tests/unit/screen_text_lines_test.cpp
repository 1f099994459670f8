#include <gmock/gmock.h>

#include <opencv2/imgproc.hpp>
#include <string>

#include "calibration/screen/printed_settings.h"
#include "calibration/screen/text_lines.h"
#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

using testing::Contains;
using testing::Optional;

void put(cv::Mat& ink, const std::string& text, int x, int row) {
  cv::putText(ink, text, {x, 40 + 34 * row}, cv::FONT_HERSHEY_DUPLEX, 0.8, 180, 1, cv::LINE_AA);
}

std::vector<std::string> texts(const std::vector<TextLine>& lines) {
  std::vector<std::string> all;
  for (const TextLine& line : lines) all.push_back(line.text);
  return all;
}

// The spectrum's settings and the picture's: what stands beneath the title B is not the spectrum's.
TEST(TextLines, TwoBlocksSideBySideHaveLinesOfTheirOwn) {
  const auto reader = TextReader::open();
  ASSERT_TRUE(reader.ok());
  cv::Mat ink = cv::Mat::zeros(720, 640, CV_8UC1);
  put(ink, "PW", 20, 2);
  put(ink, "Freq 6.9 MHz", 20, 3);
  put(ink, "PRF 10000 Hz", 20, 4);
  put(ink, "WF 123 Hz", 20, 5);
  int below = 0;
  const int end = 20 + cv::getTextSize("Freq 6.9 MHz", cv::FONT_HERSHEY_DUPLEX, 0.8, 1, &below).width;
  const int x = end + 20;
  put(ink, "B", x, 0);
  put(ink, "Gn 52", x, 2);
  put(ink, "DR 60", x, 3);
  put(ink, "D 2.6 cm", x, 4);
  const std::vector<TextLine> lines = readTextLines(ink, letterBoxes(ink), {}, reader.value());
  EXPECT_THAT(texts(lines), Contains("DR 60"));
  const PrintedSettings printed = readSettings(lines, nullptr);
  EXPECT_THAT(printed.prfHz, Optional(10000.0));
  EXPECT_FALSE(printed.dynamicRangeDb);
}

// A frame so faint that it breaks leaves pieces as high as letters.
TEST(TextPlaces, PiecesOfAFaintFrameAreNoLetters) {
  cv::Mat ink = cv::Mat::zeros(480, 640, CV_8UC1);
  put(ink, "1", 40, 4);
  const auto alone = letterBoxes(ink);
  ASSERT_EQ(alone.size(), 1U);
  for (int y = 60; y < 400; ++y) ink.at<uchar>(y, 62) = y / 12 % 3 == 0 ? 44 : 36;
  cv::line(ink, {56, 170}, {61, 170}, 160, 1);  // its tick
  const auto letters = letterBoxes(ink);
  EXPECT_THAT(letters, Contains(alone.front()));
  for (const cv::Rect& letter : letters) EXPECT_LT(letter.x + letter.width, 63) << letter;
}

}  // namespace
}  // namespace soleus
