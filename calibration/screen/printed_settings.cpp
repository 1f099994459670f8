#include "calibration/screen/printed_settings.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <utility>

#include "calibration/screen/setting_names.h"

namespace soleus {
namespace {

enum class Mode { kNone, kPulsedWave, kOther };

// The reader is unsure of small letters that it reads rightly: agreement counts for more.
constexpr double kLeastTrust = 0.4;
constexpr double kSilentShare = 0.5;
// Two lines that agree on what may be a theta.
constexpr double kThetaConfidence = 0.7;

// What a line is believed whose name had to be put right.
constexpr double kNameGuessed = 0.8;

// A number, and letters that are often read for its digits.
#define NUMBER "([0-9OolISB]*[0-9OoS](?:\\s?[.,]\\s?[0-9OoS]+)?)"
#define BETWEEN "(?:[\\s:=)]|\\.(?![0-9]))*"
// The beam's own tilt is no Doppler angle.
#define NOT_STEERED "^(?!.*(?:STEER|TILT|SECT))(?:.*[^A-Z0-9])?"

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

/// Part of a line that belongs to one mode, as read once.
struct Segment {
  std::string text;
  Mode mode = Mode::kNone;
  std::size_t line = 0;
  std::size_t reading = 0;  // of all lines' readings
  double confidence = 1;
};

/// Splits a line at the titles in it; the first part has the mode `before`.
std::vector<Segment> segmentsOf(const std::string& line, Mode before) {
  // A B alone is often read as an 8: rather that block is lost than taken for the pulsed wave's.
  if (line == "8") return {{"", before}, {"", Mode::kOther}};
  static const std::regex kTitle =
      form("(^|\\s)(PWD?|CW|PULSED|SPECTRAL|B|2D|CFM?|COLOU?R|PDI?|CPA)(?=[\\s:.-]|$)");
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

/// Every line in its parts, once for each reading; a line goes on with the mode of the one above that starts
/// where it starts.
std::vector<Segment> allSegments(std::vector<TextLine> lines) {
  std::stable_sort(lines.begin(), lines.end(),
                   [](const TextLine& a, const TextLine& b) { return a.box.y < b.box.y; });
  std::vector<Segment> all;
  std::vector<Mode> ends;
  std::size_t readings = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const cv::Rect& box = lines[i].box;
    Mode before = Mode::kNone;
    for (std::size_t j = i; j-- > 0;) {
      const cv::Rect& above = lines[j].box;
      if (std::abs(above.x - box.x) > 2 * box.height || above.y + above.height > box.y + 2) continue;
      // Dirt between two lines parts no block.
      if (2 * above.height < box.height || lines[j].text.empty()) continue;
      if (box.y - above.y <= 4 * box.height) before = ends[j];
      break;
    }
    const auto add = [&](const std::string& text, double confidence) {
      for (Segment segment : segmentsOf(text, before)) {
        const std::string right = withNameRight(segment.text);
        if (right != segment.text) segment.confidence = kNameGuessed;
        segment.text = right;
        segment.line = i;
        segment.reading = readings;
        segment.confidence *= confidence;
        all.push_back(std::move(segment));
      }
      ++readings;
      return all.back().mode;
    };
    ends.push_back(add(lines[i].text, lines[i].confidence));
    for (const ReadText& read : lines[i].again) {
      const Mode end = add(read.text, read.confidence);
      if (ends.back() == Mode::kNone) ends.back() = end;
    }
  }
  return all;
}

/// A value with all that speaks for it.
struct Tally {
  double value = 0;
  std::map<std::size_t, int> readings = {};  // how many of each line
  double doubt = 1;                          // that all of them are wrong

  [[nodiscard]] int all() const {
    int sum = 0;
    for (const auto& [line, count] : readings) sum += count;
    return sum;
  }
};

struct SettingReading {
  double value = 0;
  double confidence = 0;
  std::vector<double> others = {};  ///< what other readings of the same print have
};

/// Whether all lines say the same, each by most of its readings.
bool linesAgree(const std::vector<Tally>& tallies) {
  std::map<std::size_t, std::pair<int, double>> said;  // of each line: how often, what
  for (const Tally& tally : tallies) {
    for (const auto& [line, count] : tally.readings) {
      if (count > said[line].first) said[line] = {count, tally.value};
    }
  }
  return std::all_of(said.begin(), said.end(),
                     [&](const auto& one) { return one.second.second == said.begin()->second.second; });
}

/// The value that most readings of the mode have; nothing if it is printed with two values, however often
/// either was read. A reading of the same line that has none is half a reading against it, one with another
/// value a whole one.
std::optional<SettingReading> setting(const std::vector<Segment>& segments,
                                      const std::vector<Pattern>& patterns, bool everyMode) {
  const bool titled = std::any_of(segments.begin(), segments.end(),
                                  [](const Segment& s) { return s.mode == Mode::kPulsedWave; });
  const Mode wanted = titled ? Mode::kPulsedWave : Mode::kNone;
  std::vector<Tally> tallies;
  std::map<std::size_t, std::set<std::size_t>> readings;  // of a line
  std::map<std::size_t, std::set<std::size_t>> telling;   // those of them that have a value
  for (const Segment& segment : segments) {
    if (!everyMode && segment.mode != wanted) continue;
    const auto found = match(segment.text, patterns);
    readings[segment.line].insert(segment.reading);
    if (!found) continue;
    telling[segment.line].insert(segment.reading);
    auto tally = std::find_if(tallies.begin(), tallies.end(), [&](const Tally& t) {
      return std::abs(t.value - *found) <= 1e-9 * std::abs(*found);
    });
    if (tally == tallies.end()) tally = tallies.insert(tally, {*found});
    ++tally->readings[segment.line];
    tally->doubt *= 1 - std::clamp(segment.confidence, kLeastTrust, 1.0);
  }
  if (tallies.empty() || !linesAgree(tallies)) return std::nullopt;
  const auto best = std::max_element(tallies.begin(), tallies.end(), [](const Tally& a, const Tally& b) {
    return std::pair(a.all(), -a.doubt) < std::pair(b.all(), -b.doubt);
  });
  double all = 0;
  for (const Tally& tally : tallies) all += tally.all();
  for (const auto& [line, told] : telling)
    all += kSilentShare * static_cast<double>(readings[line].size() - told.size());
  SettingReading reading{best->value, best->all() / all * (1 - best->doubt)};
  for (const Tally& tally : tallies) {
    if (tally.value != best->value) reading.others.push_back(tally.value);
  }
  return reading;
}

/// A theta is read as a letter like it, and a small degree sign not at all: "8 60" is an angle if it stands
/// on the screen twice, beside the picture and among the settings.
std::optional<double> thetaTwice(const std::vector<TextLine>& lines) {
  std::optional<double> angle;
  int times = 0;
  for (const TextLine& line : lines) {
    auto value = angleBesideTheta(line.text);
    for (const ReadText& read : line.again) {
      if (!value) value = angleBesideTheta(read.text);
    }
    if (!value) continue;
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
      {form(NOT_STEERED "(?:AC|ANGLE|ANG|CORR)" BETWEEN NUMBER "(?=$|[^0-9A-Za-z\xC3.])"), 1, 0, 89},
      // Alone in its line: a steering angle, a sector or a temperature is not.
      {form("^\\s*([0-9OolISB]{1,2})\\s*(?:\xC2\xB0|DEG)\\s*$"), 1, 0, 89},
      // A theta is read as a letter or figure like it, and no angle has three figures.
      {form(NOT_STEERED "[0689OQ@]\\s?([1-8][0-9])\\s*\xC2\xB0(?=\\s|$)"), 1, 0, 89}};
  // In a line of the pulsed wave, alone, the degree sign may be read as another small mark.
  static const std::vector<Pattern> kMarkedTheta = {{form("^\\s*[689OQS@]\\s+([1-8][0-9])['!]$"), 1, 0, 89}};
  static const std::vector<Pattern> kPrf = {
      {form("\\bPR[FE]" BETWEEN NUMBER "\\s*K[HR][Z2]?"), 1000, 200, 50000},
      {form("\\bPR[FE]" BETWEEN NUMBER "(?:\\s*H[A-Z2]*)?(?:\\s|$)"), 1, 200, 50000}};
  static const std::vector<Pattern> kWallFilter = {
      {form("\\b(?:WF|WALL\\s*FILTER|FILTER)" BETWEEN NUMBER "\\s*H[Z2]"), 1, 10, 3000}};
  static const std::vector<Pattern> kFrequency = {
      {form("\\b(?:FRQ|FREQ|FR[QO0]|F)" BETWEEN NUMBER "\\s*M[HR]"), 1e6, 1e6, 2e7}};
  static const std::vector<Pattern> kDynamicRange = {
      {form("\\b(?:DR|DYN\\.?(?:\\s*R[A-Z]*)?)" BETWEEN NUMBER "(?:\\s*DB|\\s|$)"), 1, 20, 120}};
  static const std::vector<Pattern> kDepth = {{form("^\\W*(?:D|DEPTH)" BETWEEN NUMBER "\\s*CM"), 1, 0.5, 40}};

  const std::vector<Segment> segments = allSegments(lines);
  const auto worded = [scanner](const std::vector<Pattern>& usual, Setting which) {
    return withWording(usual, scanner, ScreenPart::kPulsedWave, which);
  };
  PrintedSettings printed;
  const auto take = [&](std::optional<double>& value, Setting which, const std::vector<Pattern>& patterns,
                        bool everyMode) {
    const auto read = setting(segments, patterns, everyMode);
    if (!read) return;
    printed.confidence[which] = read->confidence;
    printed.others[which] = read->others;
    if (read->confidence >= kLeastSettingConfidence) value = read->value;
  };
  const std::vector<Pattern> angles = worded(kAngle, Setting::kAngle);
  take(printed.angleDegrees, Setting::kAngle, angles, true);
  // Where lines tell angles that contradict each other, no theta decides.
  if (std::none_of(segments.begin(), segments.end(),
                   [&](const Segment& segment) { return match(segment.text, angles).has_value(); })) {
    const bool titled = std::any_of(segments.begin(), segments.end(),
                                    [](const Segment& s) { return s.mode == Mode::kPulsedWave; });
    if (titled) take(printed.angleDegrees, Setting::kAngle, kMarkedTheta, false);
    if (const auto theta = thetaTwice(lines); theta && !printed.confidence.contains(Setting::kAngle)) {
      printed.angleDegrees = theta;
      printed.confidence[Setting::kAngle] = kThetaConfidence;
    }
  }
  take(printed.prfHz, Setting::kPrf, worded(kPrf, Setting::kPrf), false);
  take(printed.wallFilterHz, Setting::kWallFilter, worded(kWallFilter, Setting::kWallFilter), false);
  take(printed.transmitFrequencyHz, Setting::kTransmitFrequency,
       worded(kFrequency, Setting::kTransmitFrequency), false);
  take(printed.dynamicRangeDb, Setting::kDynamicRange, worded(kDynamicRange, Setting::kDynamicRange), false);
  take(printed.depthCm, Setting::kDepth, withWording(kDepth, scanner, ScreenPart::kBmode, Setting::kDepth),
       true);
  return printed;
}

std::optional<double> angleBesideTheta(const std::string& text) {
  static const std::regex kTheta = form("^[0689EOQS@]\\s+([1-8][0-9])[^\\w%-]*$");
  std::smatch found;
  return std::regex_match(text, found, kTheta) ? numberOf(found[1].str()) : std::nullopt;
}

bool isTitle(const std::string& text) {
  const std::vector<Segment> segments = segmentsOf(text, Mode::kNone);
  return segments.size() == 2 && segments[0].text.empty() && segments[1].text.empty();
}

bool tellsSetting(const std::string& text) {
  // As a line of the pulsed wave.
  const PrintedSettings told =
      readSettings({{cv::Rect(0, 0, 60, 10), "PW"}, {cv::Rect(0, 15, 60, 10), text}});
  return !told.confidence.empty() || segmentsOf(text, Mode::kNone).size() > 1;
}

}  // namespace soleus
