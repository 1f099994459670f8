#include "calibration/screen/axis_unit.h"

#include <algorithm>
#include <regex>

#include "calibration/screen/shaped_line.h"
#include "calibration/screen/text_lines.h"
#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

// Of the numbers' height: lines of text above and below a spectrum whose darkest rows may be unseen, and how
// far "[cm/s] INV" outreaches them.
constexpr double kLinesBeyond = 5.5;
constexpr double kWiderThanNumbers = 6;
// A space of a font whose letters are all as wide as its widest.
constexpr double kWordsOfALine = 1.2;

}  // namespace

VelocityUnits unitsIn(const std::string& text) {
  static const std::regex kCentimetres("(^|[^0-9\\s])\\s*[CE]M\\s*[/I|]\\s*[S5]", std::regex::icase);
  static const std::regex kMetres("(?:^|[^0-9\\s]\\s+|[[(])\\s*M\\s*/\\s*S", std::regex::icase);
  return {std::regex_search(text, kCentimetres), std::regex_search(text, kMetres)};
}

cv::Rect unitPlace(const cv::Rect& spectrum, const std::vector<cv::Rect>& numbers) {
  if (numbers.empty()) return {};
  cv::Rect all = numbers.front();
  int height = 0;
  for (const cv::Rect& number : numbers) {
    all |= number;
    height = std::max(height, number.height);
  }
  const auto beyond = static_cast<int>(kLinesBeyond * height);
  const auto wider = static_cast<int>(kWiderThanNumbers * height);
  const int top = std::min(all.y, spectrum.y) - beyond;
  const int bottom = std::max(all.y + all.height, spectrum.y + spectrum.height) + beyond;
  const bool right = all.x + all.width / 2 > spectrum.x + spectrum.width / 2;
  const int from = right ? spectrum.x + spectrum.width - kEdgePx : all.x - wider;
  const int to = right ? all.x + all.width + wider : spectrum.x + kEdgePx;
  return {from, top, std::max(0, to - from), bottom - top};
}

VelocityUnits readAxisUnits(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                            const std::vector<cv::Rect>& numbers, const cv::Rect& place,
                            const TextReader& reader) {
  std::vector<cv::Rect> free;
  for (const cv::Rect& letter : letters) {
    const auto touches = [&](const cv::Rect& box) { return (box & letter).area() > 0; };
    if (std::none_of(numbers.begin(), numbers.end(), touches)) free.push_back(letter);
  }
  // Whole words: a c that is cut off makes centimetres metres.
  std::vector<cv::Rect> words;
  for (const cv::Rect& word : wordsWithin(cv::Rect({}, ink.size()), free)) {
    if ((word & place) == word) words.push_back(word);
  }
  VelocityUnits found;
  const auto add = [&found](const VelocityUnits& units) {
    found.centimetresPerSecond |= units.centimetresPerSecond;
    found.metresPerSecond |= units.metresPerSecond;
    return units.centimetresPerSecond || units.metresPerSecond;
  };
  for (const cv::Rect& line : joinedBoxes(words, kWordsOfALine)) {
    const cv::Rect room =
        cv::Rect(line.x - 2, line.y - 2, line.width + 4, line.height + 4) & cv::Rect({}, ink.size());
    if (add(unitsIn(reader.line(ink(room), TextReader::Letters::kAll).text))) continue;
    add(unitsIn(lineByShape(ink, wordsWithin(line, free), reader).text));
  }
  return found;
}

}  // namespace soleus
