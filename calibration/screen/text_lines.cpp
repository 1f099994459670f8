#include "calibration/screen/text_lines.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <utility>

#include "calibration/screen/degree_sign.h"
#include "calibration/screen/printed_settings.h"
#include "calibration/screen/shaped_line.h"
#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

// Of text in one line: GE sets a value apart from its name by three letters.
constexpr double kLineGap = 3.2;
constexpr double kWordGap = 0.35;
// Of settings beside each other, in the line's height, and how unsure a reading of all is that is mistrusted.
constexpr double kPieceGap = 1;
constexpr double kHardlyRead = 0.6;
// Where a block begins beside another: a gap at least, how far off its title and how far below it at most.
constexpr double kBlockGap = 0.45;
constexpr double kBlockOff = 0.2;
constexpr double kBlockReach = 25;
// A title is a word of a few letters.
constexpr double kMostTitleWidth = 6;
// Between the columns of names and values, at most.
constexpr double kColumnGap = 12;
constexpr int kRoomPx = 2;
constexpr std::size_t kMostNameLetters = 7;
// Headers are longer than settings, and slow to read.
constexpr std::size_t kMostSettingLetters = 60;

bool hasDigit(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char letter) { return std::isdigit(letter) != 0; });
}

/// What stands apart in a line, where that is several settings beside each other.
std::vector<cv::Rect> piecesOf(const cv::Rect& line, const std::vector<cv::Rect>& letters) {
  std::vector<cv::Rect> pieces;
  for (const cv::Rect& word : wordsWithin(line, letters)) {
    const bool apart =
        pieces.empty() || word.x - (pieces.back().x + pieces.back().width) >= kPieceGap * line.height;
    if (apart) {
      pieces.push_back(word);
    } else {
      pieces.back() |= word;
    }
  }
  return pieces;
}

/// The pieces of a line, each read by itself; as sure as they are on average, letter by letter.
ReadText readPieces(const cv::Mat& ink, const std::vector<cv::Rect>& pieces, const TextReader& reader,
                    TextReader::Enlarging enlarging) {
  ReadText whole;
  double sure = 0;
  std::size_t letters = 0;
  for (const cv::Rect& piece : pieces) {
    const ReadText read =
        reader.line(ink(withRoom(piece, kRoomPx, ink.size())), TextReader::Letters::kAll, enlarging);
    whole.text += (whole.text.empty() ? "" : "  ") + read.text;
    sure += read.confidence * static_cast<double>(read.text.size());
    letters += read.text.size();
  }
  whole.confidence = letters > 0 ? sure / static_cast<double>(letters) : 0;
  return whole;
}

/// A line as read at first, and again in every other way if it may be a setting. Where several stand beside
/// each other and the whole is hardly read, each is read by itself, if that is surer.
TextLine readLine(const cv::Mat& ink, const cv::Rect& box, const std::vector<cv::Rect>& letters,
                  const TextReader& reader) {
  using Enlarging = TextReader::Enlarging;
  std::vector<cv::Rect> pieces = {box};
  ReadText first = readPieces(ink, pieces, reader, Enlarging::kUsual);
  if (!tellsSetting(first.text) && (!hasDigit(first.text) || first.text.size() > kMostSettingLetters))
    return {box, first.text, first.confidence};
  if (const auto parted = piecesOf(box, letters); first.confidence < kHardlyRead && parted.size() > 1) {
    ReadText read = readPieces(ink, parted, reader, Enlarging::kUsual);
    if (read.confidence > first.confidence && (tellsSetting(read.text) || !tellsSetting(first.text))) {
      first = std::move(read);
      pieces = parted;
    }
  }
  TextLine line{box, first.text, first.confidence};
  for (const auto enlarging : {Enlarging::kLarger, Enlarging::kSharper})
    line.again.push_back(readPieces(ink, pieces, reader, enlarging));
  // Whatever tells something is believed first.
  if (!tellsSetting(line.text)) {
    const auto telling = std::find_if(line.again.begin(), line.again.end(),
                                      [](const ReadText& read) { return tellsSetting(read.text); });
    if (telling != line.again.end()) {
      std::swap(line.text, telling->text);
      std::swap(line.confidence, telling->confidence);
    }
  }
  return line;
}

/// As above, or by shape where that tells no setting.
TextLine readInEveryWay(const cv::Mat& ink, const cv::Rect& box, const std::vector<cv::Rect>& letters,
                        const TextReader& reader) {
  TextLine line = readLine(ink, box, letters, reader);
  // One reading alone that tells a setting is no better than the shape.
  const auto tells = std::count_if(line.again.begin(), line.again.end(),
                                   [](const ReadText& read) { return tellsSetting(read.text); });
  if (!tellsSetting(line.text) || (tells == 0 && !line.again.empty())) {
    const ShapedLine shaped = lineByShape(ink, wordsWithin(box, letters), reader);
    if (!shaped.text.empty()) line = {box, shaped.text, shaped.confidence};
  }
  return line;
}

/// What a name and a value in a column of its own say together, each in every reading; nothing if that tells
/// no setting.
std::optional<TextLine> joined(const TextLine& name, const std::vector<ReadText>& names,
                               const TextLine& value) {
  std::vector<ReadText> values = value.again;
  values.insert(values.begin(), {value.text, value.confidence});
  TextLine whole{name.box | value.box, "", 0};
  for (const ReadText& n : names) {
    // One way to read the name is enough, and values without another reading agree with all of them.
    std::vector<ReadText> said;
    for (const ReadText& v : values)
      said.push_back({n.text + " " + v.text, std::min(n.confidence, v.confidence)});
    const auto telling =
        std::find_if(said.begin(), said.end(), [](const ReadText& read) { return tellsSetting(read.text); });
    if (telling == said.end()) continue;
    std::iter_swap(said.begin(), telling);
    whole.text = said.front().text;
    whole.confidence = said.front().confidence;
    whole.again.assign(said.begin() + 1, said.end());
    return whole;
  }
  return std::nullopt;
}

/// What stands next to the right of a name, no further than a column of values does; null if nothing.
const TextLine* nextInRow(const std::vector<TextLine>& lines, const cv::Rect& n) {
  const TextLine* next = nullptr;
  for (const TextLine& line : lines) {
    const cv::Rect& l = line.box;
    const int common = std::min(n.y + n.height, l.y + l.height) - std::max(n.y, l.y);
    if (l.x <= n.x + n.width || 2 * common < n.height) continue;
    if (next == nullptr || l.x < next->box.x) next = &line;
  }
  const bool isNear = next != nullptr && next->box.x - (n.x + n.width) <= kColumnGap * n.height;
  return isNear ? next : nullptr;
}

/// Puts the value that stands in a column of its own behind its name.
void joinColumns(std::vector<TextLine>& lines, const cv::Mat& ink, const TextReader& reader) {
  for (TextLine& name : lines) {
    if (name.text.empty() || name.text.size() > kMostNameLetters || hasDigit(name.text) ||
        tellsSetting(name.text))
      continue;
    const cv::Rect& n = name.box;
    const TextLine* next = nextInRow(lines, n);
    if (next == nullptr || tellsSetting(next->text)) continue;
    std::vector<ReadText> names = {{name.text, name.confidence}};
    auto whole = joined(name, names, *next);
    if (!whole) {
      for (const auto enlarging : {TextReader::Enlarging::kLarger, TextReader::Enlarging::kSharper})
        names.push_back(
            reader.line(ink(withRoom(n, kRoomPx, ink.size())), TextReader::Letters::kAll, enlarging));
      whole = joined(name, names, *next);
    }
    if (whole) name = std::move(*whole);
  }
}

/// Adds lines of what may be a theta and the angle that stands in a column of its own. What was read as a
/// theta stays besides: it may be a title.
void addThetas(std::vector<TextLine>& lines) {
  std::vector<TextLine> thetas;
  std::vector<const TextLine*> values;
  for (const TextLine& name : lines) {
    if (name.text.size() != 1) continue;
    const TextLine* value = nextInRow(lines, name.box);
    if (value == nullptr || std::find(values.begin(), values.end(), value) != values.end()) continue;
    TextLine line{name.box | value->box, name.text + " " + value->text,
                  std::min(name.confidence, value->confidence)};
    if (!angleBesideTheta(line.text)) continue;
    values.push_back(value);
    thetas.push_back(std::move(line));
  }
  lines.insert(lines.end(), thetas.begin(), thetas.end());
}

/// Whether a word may begin a line: a figure or a unit goes on with one.
bool isName(const std::string& word) {
  static const std::set<std::string> kUnits = {"Hz", "kHz", "MHz", "dB", "cm", "mm", "cm/s", "m/s"};
  return !word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) == 0 &&
         !kUnits.contains(word);
}

/// Which of the lines are the title of a block.
std::vector<cv::Rect> titlesAmong(const std::vector<cv::Rect>& lines, const cv::Mat& ink,
                                  const TextReader& reader) {
  std::vector<cv::Rect> titles;
  for (const cv::Rect& line : lines) {
    if (line.width > kMostTitleWidth * line.height) continue;
    const cv::Mat room = ink(withRoom(line, kRoomPx, ink.size()));
    const std::string text = reader.line(room, TextReader::Letters::kAll).text;
    // A lone 8 may be a B, or a number.
    if (isTitle(text) && !hasDigit(text)) titles.push_back(line);
  }
  return titles;
}

/// The parts of a line that belong to blocks of their own: one begins where a word starts beneath a title.
std::vector<cv::Rect> partsOf(const cv::Rect& line, const std::vector<cv::Rect>& letters,
                              const std::vector<cv::Rect>& titles, const cv::Mat& ink,
                              const TextReader& reader) {
  const auto beneathTitle = [&](const cv::Rect& word) {
    return std::any_of(titles.begin(), titles.end(), [&](const cv::Rect& title) {
      return std::abs(title.x - word.x) <= std::max(2.0, kBlockOff * line.height) && title.y < line.y &&
             line.y - title.y <= kBlockReach * line.height;
    });
  };
  std::vector<cv::Rect> parts;
  cv::Rect part;
  for (const cv::Rect& word : wordsWithin(line, letters)) {
    const bool apart = !part.empty() && word.x - (part.x + part.width) >= kBlockGap * line.height;
    if (apart && beneathTitle(word) &&
        isName(reader.line(ink(withRoom(word, kRoomPx, ink.size())), TextReader::Letters::kAll).text)) {
      parts.push_back(part);
      part = word;
    } else {
      part = part.empty() ? word : part | word;
    }
  }
  parts.push_back(parts.empty() ? line : part);
  return parts;
}

}  // namespace

std::vector<cv::Rect> wordsWithin(const cv::Rect& line, const std::vector<cv::Rect>& letters) {
  std::vector<cv::Rect> inside;
  for (const cv::Rect& letter : letters) {
    if ((letter & line) == letter) inside.push_back(letter);
  }
  std::vector<cv::Rect> words = joinedBoxes(inside, kWordGap);
  std::sort(words.begin(), words.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; });
  return words;
}

std::vector<TextLine> readTextLines(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                                    const std::vector<cv::Rect>& taken, const TextReader& reader) {
  const std::vector<cv::Rect> free = lettersBeside(letters, taken);
  const std::vector<cv::Rect> boxes = joinedBoxes(free, kLineGap);
  const std::vector<cv::Rect> titles = titlesAmong(boxes, ink, reader);
  std::vector<TextLine> lines;
  for (const cv::Rect& box : boxes) {
    for (const cv::Rect& part : partsOf(box, free, titles, ink, reader))
      lines.push_back(readInEveryWay(ink, part, free, reader));
  }
  joinColumns(lines, ink, reader);
  addThetas(lines);
  if (!readSettings(lines, nullptr).angleDegrees) {
    for (TextLine& angle : anglesByRing(ink, free, reader)) lines.push_back(std::move(angle));
  }
  return lines;
}

}  // namespace soleus
