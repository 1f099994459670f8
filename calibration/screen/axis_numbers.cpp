#include "calibration/screen/axis_numbers.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "calibration/screen/plain_glyphs.h"
#include "calibration/screen/shape_reader.h"
#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

// Between the digits of one number, a narrow 1 among them, as a share of their height.
constexpr double kDigitGap = 0.6;
// A number of an axis has at most five characters.
constexpr double kMostWidthOverHeight = 4.5;
// Numbers of one axis are aligned to this, as a share of their height.
constexpr double kAligned = 0.35;
// Of the digits' height: how far a tick reaches and how far it may lie off the number's middle.
constexpr double kTickReach = 2.5;
constexpr double kTickOff = 0.6;
// A tick is at least this long, in pixels of full ink.
constexpr double kLeastTickInk = 2 * 50.0;
// No tick reaches this many rows from its middle.
constexpr int kTickThickPx = 3;
// Rows by which ticks may differ in how they lie beside their numbers.
constexpr double kTickSpreadPx = 1.3;
// Ink of a dash, and its thickness and least length against the digits' height.
constexpr int kDashGrey = 40;
constexpr double kDashThick = 0.25;
constexpr double kDashLong = 0.3;
constexpr double kLeastConfidence = 0.3;
// In two tones, blurred print makes other digits.
constexpr double kLeastPlainConfidence = 0.85;
// A word that is no number correlates less with every number; numbers that look alike differ by less.
constexpr double kLeastLikeness = 0.8;
constexpr double kLeastMargin = 0.008;
// A word may be any number that looks this nearly as much like it as the likeliest.
constexpr double kNearLikeness = 0.02;
constexpr std::size_t kMostNear = 4;
// What is read with this is asked for no second opinion.
constexpr double kUndoubted = 0.9;

/// Takes a dash (a tick, a minus sign) off the ends of a word that it runs into: columns with ink at half the
/// height alone.
cv::Rect withoutDashes(const cv::Mat& ink, cv::Rect word) {
  const auto isDash = [&](int x) {
    int first = word.height;
    int last = -1;
    for (int y = 0; y < word.height; ++y) {
      if (ink.at<uchar>(word.y + y, x) <= kDashGrey) continue;
      first = std::min(first, y);
      last = y;
    }
    return last < first || (last - first < kDashThick * word.height + 1 && first > 0.25 * word.height &&
                            last < 0.75 * word.height);
  };
  int left = 0;
  while (left < word.width && isDash(word.x + left)) ++left;
  int right = 0;
  while (right < word.width - left && isDash(word.x + word.width - 1 - right)) ++right;
  // The arms of a 4 are shorter than a dash.
  if (left < kDashLong * word.height) left = 0;
  if (right < kDashLong * word.height) right = 0;
  word.x += left;
  word.width -= left + right;
  return word;
}

std::vector<cv::Rect> words(const cv::Mat& ink, const std::vector<cv::Rect>& letters, const AxisPlace& place,
                            bool right) {
  const cv::Rect& r = place.region;
  // A letter in height: a number beside the edge row reaches beyond it.
  const int room = 12;
  std::vector<cv::Rect> beside;
  for (const cv::Rect& letter : letters) {
    const bool inReach =
        right ? letter.x >= r.x + r.width - kEdgePx && letter.x <= r.x + r.width + place.reachPx
              : letter.x + letter.width <= r.x + kEdgePx && letter.x >= r.x - place.reachPx;
    if (inReach && letter.y + letter.height >= r.y - room && letter.y <= r.y + r.height + room)
      beside.push_back(letter.height < 4 ? letter : withoutDashes(ink, letter));
  }
  std::erase_if(beside, [](const cv::Rect& letter) { return letter.width == 0; });
  std::vector<cv::Rect> found = joinedBoxes(beside, kDigitGap);
  std::erase_if(found,
                [](const cv::Rect& w) { return w.width == 0 || w.width > kMostWidthOverHeight * w.height; });
  return found;
}

/// Groups of words whose left or right edges are aligned; a word may stand in two.
std::vector<std::vector<cv::Rect>> alignedGroups(const std::vector<cv::Rect>& found) {
  std::vector<std::vector<cv::Rect>> groups;
  for (const bool byRight : {false, true}) {
    const auto edge = [byRight](const cv::Rect& w) { return byRight ? w.x + w.width : w.x; };
    for (const cv::Rect& seed : found) {
      std::vector<cv::Rect> group;
      for (const cv::Rect& w : found) {
        // A minus sign pushes the digits by their width to the right.
        const double slack = kAligned * seed.height + (byRight ? 0 : 0.9 * seed.height);
        const int off = edge(w) - edge(seed);
        const bool similar = std::abs(w.height - seed.height) <= std::max(2.0, 0.3 * seed.height);
        if (similar && off >= -kAligned * seed.height && off <= slack) group.push_back(w);
      }
      if (group.size() >= 2 && std::find(groups.begin(), groups.end(), group) == groups.end())
        groups.push_back(group);
    }
  }
  return groups;
}

std::optional<double> numberOf(std::string text) {
  std::erase(text, '-');
  if (text.empty() || text.size() > 5) return std::nullopt;
  // Nobody prints 05: a decimal point was lost.
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0') return std::nullopt;
  return value;
}

/// Continuous row of the middle of mass of `ink` about its strongest row; nothing where that is no thin line.
std::optional<double> tickRow(const cv::Mat& ink) {
  if (ink.empty()) return std::nullopt;
  cv::Mat sums;
  cv::reduce(ink, sums, 1, cv::REDUCE_SUM, CV_64F);
  const std::vector<double> rows(sums.begin<double>(), sums.end<double>());
  const int last = ink.rows - 1;
  const int strongest = static_cast<int>(std::max_element(rows.begin(), rows.end()) - rows.begin());
  const auto at = [&](int row) { return row < 0 || row > last ? 0.0 : rows[static_cast<std::size_t>(row)]; };
  if (at(strongest) < kLeastTickInk) return std::nullopt;
  // What runs past the tick on one side is none of it.
  const double beside = std::max(at(strongest - kTickThickPx), at(strongest + kTickThickPx));
  double mass = 0;
  double own = 0;
  double moment = 0;
  for (int r = std::max(0, strongest - 2); r <= std::min(last, strongest + 2); ++r) {
    mass += at(r);
    own += std::max(0.0, at(r) - beside);
    moment += std::max(0.0, at(r) - beside) * (r + 0.5);
  }
  // Thick things are letters.
  if (mass > 3.6 * at(strongest) || own <= 0) return std::nullopt;
  return moment / own;
}

/// The ticks of a group on one of its sides, NaN for a word without; nothing if most of its first words have
/// none, or if they do not lie alike beside their words. Only those `first` are surely numbers.
std::optional<std::vector<double>> ticksBeside(const cv::Mat& ink, const std::vector<cv::Rect>& group,
                                               std::size_t first, bool right) {
  int inner = right ? 0 : ink.cols;
  for (std::size_t i = 0; i < first; ++i) {
    const cv::Rect& w = group[i];
    inner = right ? std::max(inner, w.x + w.width + 1) : std::min(inner, w.x - 1);
  }
  const auto tickAbout = [&](const cv::Rect& w, double middle, int half) {
    const int reach = static_cast<int>(std::lround(kTickReach * w.height));
    cv::Rect window(right ? inner : inner - reach, static_cast<int>(std::lround(middle)) - half, reach,
                    2 * half);
    window &= cv::Rect(0, 0, ink.cols, ink.rows);
    const auto row = tickRow(ink(window));
    return row ? window.y + *row : std::nan("");
  };
  std::vector<double> rows;
  std::vector<double> offs;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const cv::Rect& w = group[i];
    const double middle = w.y + w.height / 2.0;
    rows.push_back(tickAbout(w, middle, std::max(3, static_cast<int>(std::lround(kTickOff * w.height)))));
    if (i < first && !std::isnan(rows.back())) offs.push_back(rows.back() - middle);
  }
  if (offs.size() < 2 || 2 * offs.size() <= first) return std::nullopt;
  std::nth_element(offs.begin(), offs.begin() + static_cast<std::ptrdiff_t>(offs.size() / 2), offs.end());
  const double usual = offs[offs.size() / 2];
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double expected = group[i].y + group[i].height / 2.0 + usual;
    const auto liesThere = [&] { return std::abs(rows[i] - expected) <= kTickSpreadPx; };
    // A frame's line near the first number is stronger than its tick.
    if (!liesThere()) rows[i] = tickAbout(group[i], expected, 2);
    if (!liesThere()) rows[i] = std::nan("");
    kept += std::isnan(rows[i]) ? 0 : 1;
  }
  if (kept < 2) return std::nullopt;
  return rows;
}

/// Readings of one word, the likeliest first.
class Candidates {
 public:
  void add(std::optional<double> value, double confidence) {
    if (!value) return;
    const auto same =
        std::find_if(found_.begin(), found_.end(), [&](const Found& f) { return f.value == *value; });
    if (same == found_.end()) {
      found_.push_back({*value, confidence});
    } else {
      same->confidence = std::max(same->confidence, confidence);
    }
  }
  /// Without `but`, of two that are as likely the earlier one first.
  [[nodiscard]] std::vector<double> values(std::optional<double> but = std::nullopt) const {
    std::vector<Found> sorted = found_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Found& a, const Found& b) { return a.confidence > b.confidence; });
    std::vector<double> values;
    for (const Found& f : sorted) {
      if (f.value != but) values.push_back(f.value);
    }
    return values;
  }

 private:
  struct Found {
    double value = 0;
    double confidence = 0;
  };
  std::vector<Found> found_;
};

/// As recognised, or where that fails (small, blurred), by shape; and all that other enlargements and other
/// shapes make of it, for the other numbers of the axis to choose from.
std::optional<AxisNumber> readNumber(const cv::Mat& ink, const cv::Rect& word, const TextReader& reader,
                                     const ShapeReader& shapes) {
  const cv::Mat room = ink(withRoom(word, 1, ink.size()));
  constexpr auto kDigits = TextReader::Letters::kDigits;
  const ReadText asIs = reader.line(room, kDigits);
  const ReadText plain = reader.line(plainGlyphs(room), kDigits);
  const auto sure = [](const ReadText& read, double least) {
    return read.confidence >= least ? numberOf(read.text) : std::nullopt;
  };
  AxisNumber number;
  number.row = word.y + word.height / 2.0;
  number.box = word;
  std::optional<double> value = sure(asIs, kLeastConfidence);
  const auto plainValue = sure(plain, kLeastPlainConfidence);
  if (plainValue && (!value || plain.confidence > asIs.confidence)) value = plainValue;
  Candidates candidates;
  candidates.add(numberOf(asIs.text), asIs.confidence);
  candidates.add(numberOf(plain.text), plain.confidence);
  if (!value || candidates.values().size() > 1 || asIs.confidence < kUndoubted) {
    for (const auto enlarging : {TextReader::Enlarging::kLarger, TextReader::Enlarging::kSharper}) {
      const ReadText read = reader.line(room, kDigits, enlarging);
      candidates.add(numberOf(read.text), read.confidence);
    }
    const ShapeMatch shape = shapes.read(ink(word));
    if (shape.likeness >= kLeastLikeness) {
      if (!value && shape.margin >= kLeastMargin) value = numberOf(shape.text);
      const std::vector<std::string> near = shapes.near(ink(word), kNearLikeness);
      // What looks like many numbers tells of none.
      for (std::size_t i = 0; i < near.size() && near.size() <= kMostNear; ++i)
        candidates.add(numberOf(near[i]), 0);
    }
  }
  number.sure = value.has_value();
  number.others = candidates.values(value);
  if (number.sure) {
    number.value = *value;
  } else if (!number.others.empty()) {
    number.value = number.others.front();
    number.others.erase(number.others.begin());
  } else {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::vector<AxisColumn> axisColumns(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                                    const AxisPlace& place, const TextReader& reader) {
  static const ShapeReader shapes(plainNumbers());
  std::vector<AxisColumn> columns;
  std::vector<std::pair<cv::Rect, std::optional<AxisNumber>>> known;  // a word may stand in several groups
  const auto read = [&](const cv::Rect& word) {
    for (const auto& [box, number] : known) {
      if (box == word) return number;
    }
    return known.emplace_back(word, readNumber(ink, word, reader, shapes)).second;
  };
  for (const bool right : {true, false}) {
    for (const std::vector<cv::Rect>& group : alignedGroups(words(ink, letters, place, right))) {
      AxisColumn column;
      for (const cv::Rect& word : group) {
        if (const auto number = read(word)) column.numbers.push_back(*number);
      }
      if (column.numbers.size() < 2) continue;
      const auto unsure = std::stable_partition(column.numbers.begin(), column.numbers.end(),
                                                [](const AxisNumber& number) { return number.sure; });
      // Where fewer than two are sure, all have to do.
      const auto sure = static_cast<std::size_t>(unsure - column.numbers.begin());
      std::vector<cv::Rect> boxes;
      for (const AxisNumber& number : column.numbers) boxes.push_back(number.box);
      for (const bool tickRight : {!right, right}) {
        const auto rows = ticksBeside(ink, boxes, sure < 2 ? boxes.size() : sure, tickRight);
        if (!rows) continue;
        for (std::size_t i = 0; i < rows->size(); ++i) column.numbers[i].row = (*rows)[i];
        std::erase_if(column.numbers, [](const AxisNumber& number) { return std::isnan(number.row); });
        column.ticked = true;
        break;
      }
      columns.push_back(std::move(column));
    }
  }
  return columns;
}

}  // namespace soleus
