#include "calibration/screen/setting_names.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <regex>
#include <string_view>

#include "calibration/screen/misread_letters.h"

namespace soleus {
namespace {

// One letter misread, or two that look like what they are.
constexpr double kMostDistance = 1;
// Without a unit to confirm it, a short name has to look like what it is.
constexpr double kMostWithoutUnit = 0.35;
// By how much every name of another setting has to be further off.
constexpr double kLeastMargin = 0.6;

struct Name {
  std::string_view word;
  std::string_view setting;  // as which it counts: names of one setting do not rival each other
  std::string_view units;    // in capitals, each in blanks; two blanks where none may stand
};

constexpr Name kNames[] = {{"WF", "WF", " HZ "},    {"FILTER", "WF", " HZ "}, {"PRF", "PRF", " KHZ "},
                           {"FRQ", "FRQ", " MHZ "}, {"FREQ", "FRQ", " MHZ "}, {"DR", "DR", " DB  "},
                           {"DYN", "DR", " DB "},   {"AC", "ANGLE", "  "},    {"ANGLE", "ANGLE", "  "}};

// What else stands before a number: never taken for a setting's name.
constexpr std::string_view kOthers[] = {"FR",    "FPS", "SV",  "SVD", "GN",  "GAIN", "AO",  "MI",
                                        "TIS",   "TIB", "MAP", "HR",  "PI",  "RI",   "PSV", "EDV",
                                        "DEPTH", "D",   "B",   "CF",  "PW",  "CPA",  "2D",  "FF",
                                        "PRS",   "ED",  "PV",  "ID",  "TGC", "AP",   "PWR"};

std::string capitals(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return text;
}

}  // namespace

std::string withNameRight(const std::string& line) {
  static const std::regex kForm(
      "^\\W*([A-Za-z0(|][A-Za-z0(|]{1,6})[\\s:.=-]+([0-9SOol][0-9SOol.,]*)\\s*([A-Za-z]*[Zz2]|[dD][B8])?\\s*"
      "$");
  std::smatch parts;
  if (!std::regex_match(line, parts, kForm)) return line;
  const std::string word = capitals(parts[1].str());
  std::string unit = capitals(parts[3].str());
  if (!unit.empty() && unit.back() == '2') unit.back() = 'Z';
  if (unit == "D8") unit = "DB";
  const Name* best = nullptr;
  double bestOff = 0;
  double rivalOff = 1e9;  // of a name of another setting
  for (const Name& name : kNames) {
    if (name.units.find(" " + unit + " ") == std::string_view::npos) continue;
    const double off = misreadDistance(word, std::string(name.word));
    if (best == nullptr || off < bestOff) {
      if (best != nullptr && best->setting != name.setting) rivalOff = std::min(rivalOff, bestOff);
      best = &name;
      bestOff = off;
    } else if (best->setting != name.setting) {
      rivalOff = std::min(rivalOff, off);
    }
  }
  if (best == nullptr || bestOff == 0) return line;
  // Of a name of two letters one that is quite another is half of it.
  const bool half = best->word.size() == word.size() && word.size() < 3;
  if (bestOff > (unit.empty() || half ? kMostWithoutUnit : kMostDistance) ||
      rivalOff < bestOff + kLeastMargin)
    return line;
  // Of these none has a unit of kHz or MHz.
  const bool confirmed = unit == "KHZ" || unit == "MHZ";
  for (const std::string_view other : kOthers) {
    if (!confirmed && misreadDistance(word, std::string(other)) <= bestOff) return line;
  }
  return std::string(best->word) + line.substr(static_cast<std::size_t>(parts.position(1) + parts.length(1)));
}

}  // namespace soleus
