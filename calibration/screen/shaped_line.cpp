#include "calibration/screen/shaped_line.h"

#include <algorithm>

#include "calibration/screen/shape_reader.h"

namespace soleus {
namespace {

// Words that are none of the list correlate less; words that are alike differ by less.
constexpr double kLeastLikeness = 0.8;
constexpr double kLeastMargin = 0.02;
constexpr double kLeastNumberMargin = 0.008;
// A number this much less alike than the best may be it, if the reader sees its digits.
constexpr double kNearlyBest = 0.015;

std::string digitsOf(const std::string& text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

std::string numberByShape(const cv::Mat& ink, const TextReader& reader) {
  static const ShapeReader numbers(plainNumbers());
  const ShapeMatch match = numbers.read(ink);
  if (match.likeness < kLeastLikeness) return {};
  if (match.margin >= kLeastNumberMargin) return match.text;
  const std::string seen = digitsOf(reader.line(ink, TextReader::Letters::kDigits).text);
  for (const std::string& near : numbers.near(ink, kNearlyBest)) {
    if (digitsOf(near) == seen) return near;
  }
  return {};
}

}  // namespace

std::string lineByShape(const cv::Mat& ink, const std::vector<cv::Rect>& words, const TextReader& reader) {
  static const ShapeReader names({"B",    "PW",    "CF",   "Frq",   "Gn",     "E/A",    "Map", "D",   "DR",
                                  "FR",   "AO",    "WF",   "PRF",   "SV",     "SVD",    "AC",  "L/A", "S/P",
                                  "BStr", "XBeam", "Freq", "Angle", "Filter", "[cm/s]", "cm/s"});
  static const ShapeReader units({"MHz", "kHz", "Hz", "cm", "mm", "%", "dB"});
  if (words.empty()) return {};
  const ShapeMatch name = names.read(ink(words[0]));
  if (name.likeness < kLeastLikeness || name.margin < kLeastMargin) return {};
  if (words.size() == 1) return name.text;
  const std::string number = numberByShape(ink(words[1]), reader);
  if (number.empty()) return {};
  std::string line = name.text + " " + number;
  if (words.size() > 2) line += " " + units.read(ink(words[2])).text;
  return line;
}

}  // namespace soleus
