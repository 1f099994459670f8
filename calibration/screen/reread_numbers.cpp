#include "calibration/screen/reread_numbers.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <sstream>
#include <string>

#include "calibration/screen/digit_comparison.h"
#include "calibration/screen/digit_places.h"
#include "calibration/screen/printed_settings.h"

namespace soleus {
namespace {

// Of a line that was read by shape alone.
constexpr double kSureShape = 0.8;
// Of a number that is read so: whatever is in doubt is not.
constexpr double kConfidence = 0.8;
// Longer lines are sentences.
constexpr std::size_t kMostWords = 4;

bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Words, a number and the unit that is written behind it apart.
std::vector<std::string> wordsOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    const auto letter =
        std::find_if(word.begin(), word.end(), [](char c) { return !isDigit(c) && c != '.'; });
    if (isDigit(word.front()) && letter != word.end()) {
      words.emplace_back(word.begin(), letter);
      words.emplace_back(letter, word.end());
    } else {
      words.push_back(word);
    }
  }
  return words;
}

bool isNumber(const std::string& word) {
  return isDigit(word.front()) && isDigit(word.back()) && std::count(word.begin(), word.end(), '.') <= 1 &&
         std::all_of(word.begin(), word.end(), [](char c) { return isDigit(c) || c == '.'; });
}

bool hasDigit(const std::string& word) {
  return std::any_of(word.begin(), word.end(), isDigit);
}

/// The one number of a line and which of its words that is.
struct Told {
  std::string number;
  std::size_t word = 0;
  std::size_t words = 0;
  bool operator==(const Told&) const = default;
};

std::optional<Told> told(const std::string& text) {
  const std::vector<std::string> words = wordsOf(text);
  std::optional<Told> one;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!hasDigit(words[i])) continue;
    if (one || !isNumber(words[i])) return std::nullopt;
    one = Told{words[i], i, words.size()};
  }
  return one && one->words <= kMostWords ? one : std::nullopt;
}

/// What all readings of a line say.
std::optional<Told> surelyTold(const TextLine& line) {
  const auto first = told(line.text);
  if (!first) return std::nullopt;
  if (line.again.empty() && line.confidence < kSureShape) return std::nullopt;
  const bool agree = std::all_of(line.again.begin(), line.again.end(),
                                 [&](const ReadText& read) { return told(read.text) == first; });
  return agree ? first : std::nullopt;
}

std::vector<PrintedNumber> sureNumbers(const std::vector<TextLine>& lines,
                                       const std::vector<AxisNumber>& onAxes, const cv::Mat& ink) {
  std::vector<PrintedNumber> sure;
  for (const TextLine& line : lines) {
    const auto number = surelyTold(line);
    if (!number) continue;
    const std::vector<cv::Rect> runs = inkRuns(ink, line.box);
    if (runs.size() != number->words) continue;
    if (const auto ends = inkEnds(ink, runs[number->word])) sure.push_back({number->number, *ends});
  }
  for (const AxisNumber& number : onAxes) {
    // Of decimals it is not known how many are printed.
    if (number.value != std::round(number.value)) continue;
    const cv::Rect room(number.box.x - 1, number.box.y - 2, number.box.width + 2, number.box.height + 4);
    if (const auto ends = inkEnds(ink, room))
      sure.push_back({std::to_string(std::lround(number.value)), *ends});
  }
  return sure;
}

/// A line that is a name, a number and a unit, with any number.
struct OpenSetting {
  std::string name;
  InkEnds number;
  std::string unit;
};

std::optional<OpenSetting> openSetting(const TextLine& line, const cv::Mat& ink) {
  const std::vector<std::string> words = wordsOf(line.text);
  if (words.size() < 2 || words.size() > 3 || hasDigit(words.front()) || hasDigit(words.back()))
    return std::nullopt;
  if (!tellsSetting(words.front() + " 50 " + words.back())) return std::nullopt;
  const std::vector<cv::Rect> runs = inkRuns(ink, line.box);
  if (runs.size() != 3) return std::nullopt;
  const auto ends = inkEnds(ink, runs[1]);
  if (!ends) return std::nullopt;
  return OpenSetting{words.front(), *ends, words.back()};
}

}  // namespace

void rereadNumbers(std::vector<TextLine>& lines, const std::vector<AxisNumber>& onAxes, const cv::Mat& ink) {
  std::optional<std::vector<PrintedNumber>> sure;
  for (TextLine& line : lines) {
    if (surelyTold(line)) continue;
    const auto open = openSetting(line, ink);
    if (!open) continue;
    if (!sure) sure = sureNumbers(lines, onAxes, ink);
    const auto number = readByComparison(ink, open->number, *sure);
    if (!number) continue;
    line.text = open->name + " " + *number + " " + open->unit;
    line.confidence = kConfidence;
    line.again.clear();
  }
}

}  // namespace soleus
