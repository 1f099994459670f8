#include "calibration/screen/shaped_line.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "calibration/screen/shape_reader.h"

namespace soleus {
namespace {

// Words that are none of the list correlate less; words that are alike differ by less.
constexpr double kLeastLikeness = 0.8;
constexpr double kLeastNameLikeness = 0.75;
constexpr double kLeastMargin = 0.02;
constexpr double kInkGrey = 40;
constexpr double kLeastNumberMargin = 0.008;
// A number this much less alike than the best may be it, if the reader sees its digits.
constexpr double kNearlyBest = 0.015;

std::string digitsOf(const std::string& text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

ShapedLine numberByShape(const cv::Mat& ink, const TextReader& reader) {
  static const ShapeReader numbers(plainNumbers());
  const ShapeMatch match = numbers.read(ink);
  if (match.likeness < kLeastLikeness) return {};
  if (match.margin >= kLeastNumberMargin) return {match.text, match.likeness};
  const std::string seen = digitsOf(reader.line(ink, TextReader::Letters::kDigits).text);
  for (const std::string& near : numbers.near(ink, kNearlyBest)) {
    if (digitsOf(near) == seen) return {near, match.likeness};
  }
  return {};
}

/// A number and its unit that run into each other are told apart by where the unit begins in the likeliest of
/// these, whose figures stand for any.
struct Split {
  std::string left;
  std::string right;
  cv::Rect leftBox;  // in the word's picture, as the next
  cv::Rect rightBox;
};

Split splitByShape(const cv::Mat& ink, const ShapeReader& patterns) {
  const std::string whole = patterns.read(ink).text;
  const auto space = whole.find(' ');
  Split split{whole.substr(0, space), space == std::string::npos ? "" : whole.substr(space + 1), {}, {}};
  const auto widthOf = [](const std::string& text) {
    int below = 0;
    return cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, 1.6, 4, &below).width;
  };
  const auto columnsOf = [&](const std::string& part) {
    const double share = whole.empty() ? 1 : static_cast<double>(widthOf(part)) / widthOf(whole);
    return std::clamp(static_cast<int>(std::lround(share * ink.cols)), 1, ink.cols);
  };
  const int left = columnsOf(split.left);
  const int right = split.right.empty() ? 0 : columnsOf(split.right);
  split.leftBox = {0, 0, left, ink.rows};
  split.rightBox = {ink.cols - right, 0, right, ink.rows};
  return split;
}

/// The part of a picture that carries ink.
cv::Mat tight(const cv::Mat& ink) {
  const cv::Rect box = cv::boundingRect(ink > kInkGrey);
  return box.empty() ? ink : ink(box);
}

}  // namespace

ShapedLine lineByShape(const cv::Mat& ink, const std::vector<cv::Rect>& words, const TextReader& reader) {
  static const ShapeReader names({"B",    "PW",    "CF",   "Frq",   "Gn",     "E/A",    "Map",  "D",    "DR",
                                  "FR",   "AO",    "WF",   "PRF",   "SV",     "SVD",    "AC",   "L/A",  "S/P",
                                  "BStr", "XBeam", "Freq", "Angle", "Filter", "[cm/s]", "cm/s", "AC 88"});
  static const ShapeReader values({"88", "8.8", "8", "88 Hz", "888 Hz", "8.8 cm", "88 dB", "88 %", "188 %"});
  static const ShapeReader prfs({"8.8", "8.8 kHz", "18.8 kHz", "8888", "8888 Hz"});
  static const ShapeReader frequencies({"8.8", "8.8 MHz", "18.8 MHz"});
  if (words.empty()) return {};
  const ShapeMatch name = names.read(ink(words[0]));
  if (name.likeness < kLeastNameLikeness || name.margin < kLeastMargin) return {};
  if (name.text == "AC 88") {
    const cv::Rect box = splitByShape(ink(words[0]), names).rightBox;
    const ShapedLine number = numberByShape(tight(ink(words[0])(box)), reader);
    if (number.text.empty()) return {};
    return {"AC " + number.text, std::min(name.likeness, number.confidence)};
  }
  if (words.size() == 1) return {name.text, name.likeness};
  const cv::Mat value = ink(words[1]);
  const bool frequency = name.text == "Frq" || name.text == "Freq";
  const Split split = splitByShape(value, frequency ? frequencies : name.text == "PRF" ? prfs : values);
  const ShapedLine number = numberByShape(tight(value(split.leftBox)), reader);
  if (number.text.empty()) return {};
  return {name.text + " " + number.text + " " + split.right, std::min(name.likeness, number.confidence)};
}

}  // namespace soleus
