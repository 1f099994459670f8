#include "pipeline/core/subject_code.h"

#include <algorithm>
#include <cstddef>

namespace soleus {
namespace {

constexpr std::size_t kMostCharacters = 32;
// Initials, sides and visits are shorter.
constexpr int kLeastWord = 3;
// A date takes a year and more: 19610314, 1961-03-14, 14.03.61.
constexpr int kDateDigits = 6;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isCapital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool isSmall(char c) {
  return c >= 'a' && c <= 'z';
}
bool isLetter(char c) {
  return isCapital(c) || isSmall(c);
}

/// Two digits of the year, month and day, or the other way round.
bool isShortDate(const std::string& run) {
  const auto number = [&](std::size_t at) { return std::stoi(run.substr(at, 2)); };
  const auto plausible = [](int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  };
  return plausible(number(2), number(4)) || plausible(number(2), number(0));
}

/// Year, month and day, or day, month and year, in eight digits.
bool isDate(const std::string& run) {
  if (run.size() != 8 || !std::all_of(run.begin(), run.end(), isDigit)) return false;
  const auto number = [&](std::size_t at, std::size_t digits) { return std::stoi(run.substr(at, digits)); };
  const auto plausible = [](int year, int month, int day) {
    return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  };
  return plausible(number(0, 4), number(4, 2), number(6, 2)) ||
         plausible(number(4, 4), number(2, 2), number(0, 2));
}

int digitsInRow(const std::string& text, std::size_t last) {
  int digits = 0;
  while (static_cast<std::size_t>(digits) <= last && isDigit(text[last - static_cast<std::size_t>(digits)]))
    ++digits;
  return digits;
}

/// A date, with or without separators.
bool looksLikeDate(const std::string& text) {
  int numbers = 0;
  int digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!isDigit(text[i])) {
      if (isLetter(text[i])) numbers = digits = 0;
      continue;
    }
    if (i == 0 || !isDigit(text[i - 1])) ++numbers;
    ++digits;
    if (numbers == 3 && digits >= kDateDigits) return true;
    if (i >= 7 && isDate(text.substr(i - 7, 8))) return true;
    const bool ends = i + 1 == text.size() || !isDigit(text[i + 1]);
    if (ends && digitsInRow(text, i) == kDateDigits && isShortDate(text.substr(i - 5, 6))) return true;
  }
  return false;
}

/// What is wrong, or empty.
std::string faultOf(const std::string& text) {
  if (text.size() > kMostCharacters) return "more than 32 characters";
  int words = 0;
  int letters = 0;
  bool digit = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == ',' || c == '^') return "several words, as in a name";
    if (!isLetter(c) && !isDigit(c) && c != '-' && c != '_' && c != '.')
      return "a character that codes do not have";
    digit = digit || isDigit(c);
    letters = isLetter(c) ? letters + 1 : 0;
    if (letters == kLeastWord && ++words == 2) return "several words, as in a name";
    if (letters >= 2 && isSmall(c) && isCapital(text[i - 1])) return "a capitalised word, as a name is";
  }
  if (!digit) return "a word without a digit, as a name is";
  if (looksLikeDate(text)) return "something like a date";
  return "";
}

}  // namespace

Status checkSubjectCode(const std::string& subject, const std::string& where) {
  if (subject.empty()) return Done{};
  const std::string fault = faultOf(subject);
  if (fault.empty()) return Done{};
  return Error{ErrorKind::kBadInput, where, "the participant is to be named by a code", fault,
               "letters and digits that tell nobody's name, such as P01 or CALF-017"};
}

}  // namespace soleus
