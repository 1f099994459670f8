#include "calibration/screen/misread_letters.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>
#include <vector>

namespace soleus {
namespace {

constexpr double kLooksLike = 0.3;

// In capitals; whatever stands in one group looks alike.
constexpr std::string_view kAlike[] = {"CGEO0Q(", "D0OQ", "S5$8B", "/I|1L7!J", "Z2", "KHXR", "MNWH", "FPE"};

char capital(char letter) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
}

double substitution(char seen, char meant) {
  const char a = capital(seen);
  const char b = capital(meant);
  if (a == b) return 0;
  const auto holdsBoth = [&](std::string_view group) {
    return group.find(a) != std::string_view::npos && group.find(b) != std::string_view::npos;
  };
  return std::any_of(std::begin(kAlike), std::end(kAlike), holdsBoth) ? kLooksLike : 1;
}

}  // namespace

std::string withoutOddSigns(std::string text) {
  struct Sign {
    std::string_view odd;
    std::string_view usual;
  };
  static constexpr Sign kSigns[] = {{"\xC2\xA7", "S"},     {"$", "S"},
                                    {"\xC2\xA2", "c"},     {"\xC2\xA9", "c"},
                                    {"\xE2\x82\xAC", "C"}, {"\xE2\x80\x94", "-"},
                                    {"\xE2\x80\x93", "-"}};
  for (const Sign& sign : kSigns) {
    for (auto at = text.find(sign.odd); at != std::string::npos;
         at = text.find(sign.odd, at + sign.usual.size()))
      text.replace(at, sign.odd.size(), sign.usual);
  }
  return text;
}

double misreadDistance(const std::string& seen, const std::string& meant) {
  std::vector<double> above(meant.size() + 1);
  for (std::size_t j = 0; j <= meant.size(); ++j) above[j] = static_cast<double>(j);
  for (std::size_t i = 1; i <= seen.size(); ++i) {
    std::vector<double> row = {static_cast<double>(i)};
    for (std::size_t j = 1; j <= meant.size(); ++j) {
      row.push_back(
          std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + substitution(seen[i - 1], meant[j - 1])}));
    }
    above = std::move(row);
  }
  return above.back();
}

}  // namespace soleus
