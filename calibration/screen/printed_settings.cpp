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
  bool everyMode = false;  // printed for one mode alone, wherever it stands
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

bool isTitle(const std::string& text, Mode& mode) {
  static const std::regex kPulsed = form("^\\W*(PW|PWD|PW Doppler|Doppler|PULSED|SPEC|CW)\\W*$");
  static const std::regex kOther = form("^\\W*(B|2D|CF|CFM|C|CD|COL|COLOU?R|PD|PDI|CPA|M|B-?MODE|8)\\W*$");
  if (std::regex_match(text, kPulsed)) {
    mode = Mode::kPulsedWave;
  } else if (std::regex_match(text, kOther)) {
    mode = Mode::kOther;
  } else {
    return false;
  }
  return true;
}

/// The mode whose title stands next above a line and starts where it starts.
Mode modeOf(const TextLine& line, const std::vector<TextLine>& lines) {
  Mode mode = Mode::kNone;
  int nearest = 0;
  for (const TextLine& title : lines) {
    Mode its = Mode::kNone;
    if (!isTitle(title.text, its)) continue;
    const int above = line.box.y - title.box.y;
    if (above <= 0 || std::abs(title.box.x - line.box.x) > 2 * line.box.height) continue;
    if (mode != Mode::kNone && above >= nearest) continue;
    nearest = above;
    mode = its;
  }
  return mode;
}

/// One value that all lines of the mode agree on.
std::optional<double> setting(const std::vector<TextLine>& lines, const std::vector<Mode>& modes,
                              const std::vector<Pattern>& patterns, bool everyMode) {
  const bool titled = std::find(modes.begin(), modes.end(), Mode::kPulsedWave) != modes.end();
  std::optional<double> value;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (modes[i] == Mode::kOther && !everyMode) continue;
    if (titled && modes[i] != Mode::kPulsedWave && !everyMode) continue;
    const auto found = match(lines[i].text, patterns);
    if (!found) continue;
    if (value && std::abs(*value - *found) > 1e-9 * std::abs(*value)) return std::nullopt;
    value = found;
  }
  return value;
}

}  // namespace

PrintedSettings readSettings(const std::vector<TextLine>& lines) {
  static const std::vector<Pattern> kAngle = {
      {form("\\b(?:AC|ANGLE|ANG|CORR)" BETWEEN NUMBER), 1, 0, 89},
      {form("(?:^|\\s)([0-9OolISB]{1,2})\\s*(?:\xC2\xB0|DEG)"), 1, 0, 89}};
  static const std::vector<Pattern> kPrf = {
      {form("\\bPR[FE]" BETWEEN NUMBER "\\s*K[HR][Z2]?"), 1000, 200, 50000},
      {form("\\bPR[FE]" BETWEEN NUMBER "\\s*H[Z2]"), 1, 200, 50000}};
  static const std::vector<Pattern> kWallFilter = {
      {form("\\b(?:WF|WALL\\s*FILTER|FILTER)" BETWEEN NUMBER "\\s*H[Z2]"), 1, 10, 3000}};
  static const std::vector<Pattern> kFrequency = {
      {form("\\b(?:FRQ|FREQ|FR[QO0]|F)" BETWEEN NUMBER "\\s*M[HR]"), 1e6, 1e6, 2e7}};
  static const std::vector<Pattern> kDynamicRange = {
      {form("\\b(?:DR|DYN\\.?\\s*R[A-Z]*)" BETWEEN NUMBER "(?:\\s*DB)?\\s*$"), 1, 20, 120}};
  static const std::vector<Pattern> kDepth = {{form("^\\W*(?:D|DEPTH)" BETWEEN NUMBER "\\s*CM"), 1, 0.5, 40}};

  std::vector<Mode> modes;
  for (const TextLine& line : lines) modes.push_back(modeOf(line, lines));
  PrintedSettings printed;
  printed.angleDegrees = setting(lines, modes, kAngle, true);
  printed.prfHz = setting(lines, modes, kPrf, false);
  printed.wallFilterHz = setting(lines, modes, kWallFilter, false);
  printed.transmitFrequencyHz = setting(lines, modes, kFrequency, false);
  printed.dynamicRangeDb = setting(lines, modes, kDynamicRange, false);
  printed.depthCm = setting(lines, modes, kDepth, true);
  static const std::regex kCentimetres = form("CM\\s*[/I|]\\s*[S5]");
  static const std::regex kMetres = form("(?:^|[^C])M\\s*[/]\\s*S");
  for (const TextLine& line : lines) {
    printed.centimetresPerSecond |= std::regex_search(line.text, kCentimetres);
    printed.metresPerSecond |= std::regex_search(line.text, kMetres);
  }
  return printed;
}

}  // namespace soleus
