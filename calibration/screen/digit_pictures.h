/// What the digits of a screen look like, from those that are surely read.
#pragma once

#include <array>
#include <map>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "calibration/screen/digit_places.h"

namespace soleus {

/// Pictures of single characters such that numbers, made from them by adding, look as they do on the screen.
/// Blurred neighbours run into each other, and no digit stands alone: so all are found together, by least
/// squares.
class DigitPictures {
 public:
  DigitPictures(const std::vector<PlacedNumber>& numbers, const DigitMetrics& metrics);

  [[nodiscard]] bool has(char character) const { return pictures_.contains(character); }
  /// How many of the numbers show it, or the digit that it was made from.
  [[nodiscard]] int shownBy(char character) const;

  /// Of the digits, in order.
  [[nodiscard]] std::string digits() const;
  /// `character` as it would be drawn at a place of the number, `off` from where that was measured.
  [[nodiscard]] cv::Mat drawn(char character, const PlacedNumber& number, std::size_t place,
                              cv::Point2d off) const;
  [[nodiscard]] double advance() const { return advance_; }

 private:
  void derive();
  int halfWidth_ = 0;
  int halfHeight_ = 0;
  double advance_ = 0;
  std::map<char, int> shown_;
  std::map<char, cv::Mat> pictures_;  // CV_32F, one value a pixel about the middle
};

/// How ill a number's picture fits a text, digit by digit: the root of the mean square of what is left, as a
/// share of full ink.
struct DigitMisfit {
  double whole = 0;
  std::vector<double> digits;
};

/// One number against all that its digits may be.
class NumberFit {
 public:
  NumberFit(const DigitPictures& pictures, const PlacedNumber& number);
  /// The likeliest digits at the number's places; a dot stays a dot.
  [[nodiscard]] std::string likeliest() const;
  /// `text` has a character for each place.
  [[nodiscard]] DigitMisfit misfit(const std::string& text) const;

 private:
  const PlacedNumber& number_;
  std::string digits_;
  double advance_ = 0;
  std::vector<std::vector<std::map<char, cv::Mat>>> drawn_;  // by how far off, then by place
};

}  // namespace soleus
