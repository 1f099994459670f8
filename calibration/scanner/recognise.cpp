#include "calibration/scanner/recognise.h"

#include <algorithm>
#include <cctype>

namespace soleus {
namespace {

bool isBlank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}
bool isWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool sameLetter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

/// Whether `text` stands at `from` of `line`, blanks apart, and no word goes on behind it.
bool standsAt(const std::string& line, std::size_t from, const std::string& text) {
  std::size_t at = from;
  for (const char c : text) {
    if (isBlank(c)) continue;
    while (at > from && at < line.size() && isBlank(line[at])) ++at;
    if (at == line.size() || !sameLetter(line[at], c)) return false;
    ++at;
  }
  return at > from && (at == line.size() || !isWord(line[at]));
}

bool standsIn(const std::string& line, const std::string& text) {
  for (std::size_t from = 0; from < line.size(); ++from) {
    if ((from == 0 || !isWord(line[from - 1])) && standsAt(line, from, text)) return true;
  }
  return false;
}

bool standsOn(const std::vector<std::string>& texts, const ScannerProfile& profile) {
  return std::any_of(profile.recognisedBy.begin(), profile.recognisedBy.end(), [&](const auto& fact) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& line) { return standsIn(line, fact.value); });
  });
}

}  // namespace

const ScannerProfile* recognise(const std::vector<std::string>& texts,
                                const std::vector<ScannerProfile>& profiles) {
  const ScannerProfile* only = nullptr;
  for (const ScannerProfile& profile : profiles) {
    if (!standsOn(texts, profile)) continue;
    if (only != nullptr) return nullptr;
    only = &profile;
  }
  return only;
}

}  // namespace soleus
