#include "calibration/screen/printed_settings.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>

namespace soleus {
namespace {

enum class Mode { kNone, kPulsedWave, kOther };

// A number, and letters that are often read for its digits.
#define NUMBER "([0-9OolISB]*[0-9OoS](?:\\s?[.,]\\s?[0-9OoS]+)?)"
#define BETWEEN "\\s*[:=.]?\\s*"

std::optional<double> numberOf(std::string text) {
  std::erase(text, ' ');
  for (char& c : text) {
    if (c == 'O' || c == 'o') c = '0';
    if (c == 'l' || c == 'I') c = '1';
    if (c == 'S') c = '5';
    if (c == 'B') c = '8';
    if (c == ',') c = '.';
  }
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return std::nullopt;
  return value;
}

struct Pattern {
  std::regex form;
  double factor = 1;
  double least = 0;  // of the value in its unit
  double most = 0;
};

std::regex form(const std::string& text) {
  return std::regex(text, std::regex::icase | std::regex::optimize);
}

std::optional<double> match(const std::string& line, const std::vector<Pattern>& patterns) {
  for (const Pattern& pattern : patterns) {
    std::smatch found;
    if (!std::regex_search(line, found, pattern.form)) continue;
    const auto number = numberOf(found[1].str());
    if (!number) continue;
    const double value = *number * pattern.factor;
    if (value >= pattern.least && value <= pattern.most) return value;
  }
  return std::nullopt;
}

/// Part of a line that belongs to one mode.
struct Segment {
  std::string text;
  Mode mode = Mode::kNone;
};

/// Splits a line at the titles in it; the first part has the mode `before`.
std::vector<Segment> segmentsOf(const std::string& line, Mode before) {
  static const std::regex kTitle =
      form("(^|\\s)(PWD?|CW|PULSED|SPECTRAL|B|2D|CFM?|COLOU?R|PDI?|CPA)(?=\\s|$)");
  static const std::regex kPulsed = form("^(PWD?|CW|PULSED|SPECTRAL)$");
  std::vector<Segment> segments;
  std::size_t from = 0;
  for (std::sregex_iterator at(line.begin(), line.end(), kTitle), end; at != end; ++at) {
    const auto position = static_cast<std::size_t>(at->position());
    segments.push_back({line.substr(from, position - from), before});
    from = position + static_cast<std::size_t>(at->length());
    before = std::regex_match((*at)[2].str(), kPulsed) ? Mode::kPulsedWave : Mode::kOther;
  }
  segments.push_back({line.substr(from), before});
  return segments;
}

/// Every line in its parts; a line goes on with the mode of the one above that starts where it starts.
std::vector<Segment> allSegments(std::vector<TextLine> lines) {
  std::sort(lines.begin(), lines.end(),
            [](const TextLine& a, const TextLine& b) { return a.box.y < b.box.y; });
  std::vector<Segment> all;
  std::vector<Mode> ends;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const cv::Rect& box = lines[i].box;
    Mode before = Mode::kNone;
    for (std::size_t j = i; j-- > 0;) {
      const cv::Rect& above = lines[j].box;
      if (std::abs(above.x - box.x) > 2 * box.height || above.y + above.height > box.y + 2) continue;
      if (box.y - above.y <= 4 * box.height) before = ends[j];
      break;
    }
    const std::vector<Segment> segments = segmentsOf(lines[i].text, before);
    all.insert(all.end(), segments.begin(), segments.end());
    ends.push_back(segments.back().mode);
  }
  return all;
}

/// One value that all parts of the mode agree on.
std::optional<double> setting(const std::vector<Segment>& segments, const std::vector<Pattern>& patterns,
                              bool everyMode) {
  const bool titled = std::any_of(segments.begin(), segments.end(),
                                  [](const Segment& s) { return s.mode == Mode::kPulsedWave; });
  std::optional<double> value;
  for (const Segment& segment : segments) {
    if (!everyMode && segment.mode != (titled ? Mode::kPulsedWave : Mode::kNone)) continue;
    const auto found = match(segment.text, patterns);
    if (!found) continue;
    if (value && std::abs(*value - *found) > 1e-9 * std::abs(*value)) return std::nullopt;
    value = found;
  }
  return value;
}

/// A theta is read as a letter like it, and a small degree sign not at all: "8 60" is an angle if it stands
/// on the screen twice, beside the picture and among the settings.
std::optional<double> thetaTwice(const std::vector<TextLine>& lines) {
  static const std::regex kTheta = form("^[08BEOQ@G6]\\s+([1-8][0-9])\\W*$");
  std::optional<double> angle;
  int times = 0;
  for (const TextLine& line : lines) {
    std::smatch found;
    if (!std::regex_match(line.text, found, kTheta)) continue;
    const auto value = numberOf(found[1].str());
    if (angle && value != angle) return std::nullopt;
    angle = value;
    ++times;
  }
  return times >= 2 ? angle : std::nullopt;
}

std::string escaped(const std::string& word) {
  static const std::regex kSpecial(R"([.^$|()\[\]{}*+?\\])");
  return std::regex_replace(word, kSpecial, R"(\$&)");
}

/// As a scanner words it. The usual patterns come first, and their range holds.
std::vector<Pattern> withWording(std::vector<Pattern> patterns, const ScannerProfile* scanner,
                                 ScreenPart part, Setting setting) {
  if (scanner == nullptr || !scanner->parts.contains(part)) return patterns;
  const auto& settings = scanner->parts.at(part).settings;
  const auto worded = settings.find(setting);
  if (worded == settings.end()) return patterns;
  const SettingWording& wording = worded->second.value;
  std::string words;
  for (const std::string& word : wording.words) words += (words.empty() ? "" : "|") + escaped(word);
  patterns.push_back({form((words.empty() ? "(?:^|\\s)" : "\\b(?:" + words + ")" BETWEEN) + NUMBER +
                           (wording.unit.empty() ? "(?=\\s|$)" : "\\s*" + escaped(wording.unit))),
                      wording.factor, patterns.front().least, patterns.front().most});
  return patterns;
}

}  // namespace

PrintedSettings readSettings(const std::vector<TextLine>& lines, const ScannerProfile* scanner) {
  static const std::vector<Pattern> kAngle = {
      {form("\\b(?:AC|ANGLE|ANG|CORR)" BETWEEN NUMBER "(?=$|[^0-9A-Za-z\xC3.])"), 1, 0, 89},
      // Alone in its line: a steering angle, a sector or a temperature is not.
      {form("^\\s*([0-9OolISB]{1,2})\\s*(?:\xC2\xB0|DEG)\\s*$"), 1, 0, 89}};
  static const std::vector<Pattern> kPrf = {
      {form("\\bPR[FE]" BETWEEN NUMBER "\\s*K[HR][Z2]?"), 1000, 200, 50000},
      {form("\\bPR[FE]" BETWEEN NUMBER "(?:\\s*H[Z2])?(?:\\s|$)"), 1, 200, 50000}};
  static const std::vector<Pattern> kWallFilter = {
      {form("\\b(?:WF|WALL\\s*FILTER|FILTER)" BETWEEN NUMBER "\\s*H[Z2]"), 1, 10, 3000}};
  static const std::vector<Pattern> kFrequency = {
      {form("\\b(?:FRQ|FREQ|FR[QO0]|F)" BETWEEN NUMBER "\\s*M[HR]"), 1e6, 1e6, 2e7}};
  static const std::vector<Pattern> kDynamicRange = {
      {form("\\b(?:DR|DYN\\.?\\s*R[A-Z]*)" BETWEEN NUMBER "(?:\\s*DB|\\s|$)"), 1, 20, 120}};
  static const std::vector<Pattern> kDepth = {{form("^\\W*(?:D|DEPTH)" BETWEEN NUMBER "\\s*CM"), 1, 0.5, 40}};

  const std::vector<Segment> segments = allSegments(lines);
  const auto worded = [scanner](const std::vector<Pattern>& usual, Setting which) {
    return withWording(usual, scanner, ScreenPart::kPulsedWave, which);
  };
  PrintedSettings printed;
  printed.angleDegrees = setting(segments, worded(kAngle, Setting::kAngle), true);
  if (!printed.angleDegrees) printed.angleDegrees = thetaTwice(lines);
  printed.prfHz = setting(segments, worded(kPrf, Setting::kPrf), false);
  printed.wallFilterHz = setting(segments, worded(kWallFilter, Setting::kWallFilter), false);
  printed.transmitFrequencyHz = setting(segments, worded(kFrequency, Setting::kTransmitFrequency), false);
  printed.dynamicRangeDb = setting(segments, worded(kDynamicRange, Setting::kDynamicRange), false);
  printed.depthCm =
      setting(segments, withWording(kDepth, scanner, ScreenPart::kBmode, Setting::kDepth), true);
  static const std::regex kCentimetres = form("CM\\s*[/I|]\\s*[S5]");
  static const std::regex kMetres = form("(?:^|[\\s[(])M\\s*[/]\\s*S");
  for (const TextLine& line : lines) {
    printed.centimetresPerSecond |= std::regex_search(line.text, kCentimetres);
    printed.metresPerSecond |= std::regex_search(line.text, kMetres);
  }
  return printed;
}

bool tellsSetting(const std::string& text) {
  // As a line of the pulsed wave.
  const PrintedSettings told =
      readSettings({{cv::Rect(0, 0, 60, 10), "PW"}, {cv::Rect(0, 15, 60, 10), text}});
  return told.angleDegrees || told.prfHz || told.wallFilterHz || told.transmitFrequencyHz ||
         told.dynamicRangeDb || told.depthCm || told.metresPerSecond || told.centimetresPerSecond ||
         segmentsOf(text, Mode::kNone).size() > 1;
}

}  // namespace soleus
