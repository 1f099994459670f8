/// Where the digits of a small printed number stand, to fractions of a pixel.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

namespace soleus {

/// How far ink reaches, to fractions of a pixel.
struct InkEnds {
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
};

/// Nothing where there is no ink.
std::optional<InkEnds> inkEnds(const cv::Mat& ink, const cv::Rect& box);

/// The words of a line, from left to right: parted where no row has ink over some columns.
std::vector<cv::Rect> inkRuns(const cv::Mat& ink, const cv::Rect& line);

/// A number with what it says, which may be a guess: digits with at most one dot.
struct PrintedNumber {
  std::string text;
  InkEnds ends;
};

/// Of a typeface whose digits are all equally far apart, as those of tables and screens are. In pixels.
struct DigitMetrics {
  double height = 0;
  double width = 0;    ///< of a digit's ink
  double advance = 0;  ///< from a digit to the next
  double dot = 0;      ///< by how much further, with a decimal point between
};

/// From numbers with different counts of digits, those about as high as `height`. Nothing if there are too
/// few or their widths do not follow from their counts.
std::optional<DigitMetrics> digitMetrics(const std::vector<PrintedNumber>& numbers, double height);

struct PlacedGlyph {
  char character = '0';
  double x = 0;  ///< the middle of its cell, in the picture
  double y = 0;
};

/// A number's picture, 1 where its ink is brightest, and where in it each character stands.
struct PlacedNumber {
  cv::Mat picture;  // CV_32F
  std::vector<PlacedGlyph> glyphs;
  double scaleX = 1;  ///< against the metrics
  double scaleY = 1;
};

/// Nothing if the number is not as wide and high as its text would be.
std::optional<PlacedNumber> placeDigits(const cv::Mat& ink, const PrintedNumber& number,
                                        const DigitMetrics& metrics);

/// How many digits in a row, without a dot, are as wide as that; 0 if none are.
int digitsAcross(double width, const DigitMetrics& metrics);

}  // namespace soleus
