#include "calibration/screen/axis_unit.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>

#include "calibration/screen/misread_letters.h"
#include "calibration/screen/shape_reader.h"
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
constexpr int kRoomPx = 2;
// A unit that is read with this is asked for no second opinion.
constexpr double kUndoubted = 0.85;
// Of a misread word: a letter, or some that look alike, and how much further off every other unit is.
constexpr double kMostDistance = 1;
constexpr double kLeastMargin = 0.65;
// By shape: how alike, and how much less every other unit.
constexpr double kLeastLikeness = 0.8;
constexpr double kLeastShapeMargin = 0.03;

bool any(const VelocityUnits& units) {
  return units.centimetresPerSecond || units.metresPerSecond;
}

/// The first word of a line that looks like a unit and stands behind no number.
VelocityUnits unitLikeIn(const std::string& text) {
  std::istringstream words(text);
  bool behindNumber = false;
  for (std::string word; words >> word;) {
    const VelocityUnits units = behindNumber ? VelocityUnits{} : unitLike(word);
    if (any(units)) return units;
    behindNumber = std::isdigit(static_cast<unsigned char>(word.back())) != 0;
  }
  return {};
}

/// By the shape of whole words: whatever is nearly as alike has to be the same unit.
VelocityUnits unitByShape(const cv::Mat& word) {
  static const ShapeReader units(
      {"cm/s", "[cm/s]", "m/s", "[m/s]", "kHz", "[kHz]", "Hz", "cm", "mm", "INV", "dB", "mV", "mmHg"});
  if (units.read(word).likeness < kLeastLikeness) return {};
  VelocityUnits found;
  for (const std::string& near : units.near(word, kLeastShapeMargin)) {
    const VelocityUnits its = unitsIn(near);
    if (!any(its)) return {};
    found.centimetresPerSecond |= its.centimetresPerSecond;
    found.metresPerSecond |= its.metresPerSecond;
  }
  return found.centimetresPerSecond != found.metresPerSecond ? found : VelocityUnits{};
}

/// What most readings from several enlargements say; both if as many say one as the other.
VelocityUnits unitsOfLine(const cv::Mat& ink, const cv::Rect& line, const std::vector<cv::Rect>& words,
                          const TextReader& reader) {
  const cv::Mat room = ink(withRoom(line, kRoomPx, ink.size()));
  int centimetres = 0;
  int metres = 0;
  const auto count = [&](const VelocityUnits& units) {
    centimetres += units.centimetresPerSecond ? 1 : 0;
    metres += units.metresPerSecond ? 1 : 0;
  };
  for (const auto enlarging :
       {TextReader::Enlarging::kUsual, TextReader::Enlarging::kLarger, TextReader::Enlarging::kSharper}) {
    const ReadText read = reader.line(room, TextReader::Letters::kAll, enlarging);
    const VelocityUnits exact = unitsIn(read.text);
    if (any(exact) && read.confidence >= kUndoubted) return exact;
    count(any(exact) ? exact : unitLikeIn(read.text));
  }
  if (centimetres == 0 && metres == 0) {
    for (const cv::Rect& word : words) count(unitByShape(ink(word)));
  }
  return {centimetres > 0 && centimetres >= metres, metres > 0 && metres >= centimetres};
}

}  // namespace

VelocityUnits unitLike(std::string word) {
  // A bracket alone at one end: the other may have been read as a letter.
  const bool opened = word.find_first_of("[({") == 0;
  const bool closed = !word.empty() && word.find_last_of("])}") == word.size() - 1;
  if (opened != closed) return {};
  if (opened) word = word.substr(1, word.size() - 2);
  if (word.size() < 2 || word.size() > 5) return {};
  const double centimetres = misreadDistance(word, "cm/s");
  const double metres = misreadDistance(word, "m/s");
  const double other =
      std::min({misreadDistance(word, "kHz"), misreadDistance(word, "Hz"), misreadDistance(word, "cm"),
                misreadDistance(word, "mm"), misreadDistance(word, "ms")});
  const auto isNearest = [](double off, double a, double b) {
    return off <= kMostDistance && std::min(a, b) >= off + kLeastMargin;
  };
  return {isNearest(centimetres, metres, other), isNearest(metres, centimetres, other)};
}

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
                            const std::vector<cv::Rect>& numbers, const cv::Rect& spectrum,
                            const TextReader& reader) {
  const cv::Rect place = unitPlace(spectrum, numbers);
  const auto isBeside = [&](const cv::Rect& word) {
    const int middle = word.x + word.width / 2;
    return middle < spectrum.x || middle >= spectrum.x + spectrum.width;
  };
  const std::vector<cv::Rect> free = lettersBeside(letters, numbers);
  // Whole words: a c that is cut off makes centimetres metres.
  std::vector<cv::Rect> words;
  for (const cv::Rect& word : wordsWithin(cv::Rect({}, ink.size()), free)) {
    if ((word & place) == word && isBeside(word)) words.push_back(word);
  }
  VelocityUnits found;
  for (const cv::Rect& line : joinedBoxes(words, kWordsOfALine)) {
    const VelocityUnits units = unitsOfLine(ink, line, wordsWithin(line, free), reader);
    found.centimetresPerSecond |= units.centimetresPerSecond;
    found.metresPerSecond |= units.metresPerSecond;
  }
  return found;
}

}  // namespace soleus
