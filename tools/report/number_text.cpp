#include "tools/report/number_text.h"

#include <cmath>
#include <cstdio>

namespace soleus {

using nlohmann::json;

double numberOf(const json& part, const char* key) {
  const auto found = part.find(key);
  return found != part.end() && found->is_number() ? found->get<double>() : std::nan("");
}

double shareOf(const json& part, const char* key) {
  const double share = numberOf(part, key);
  return std::isfinite(share) ? share : 0.0;
}

std::string plainNumber(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string percent(double share) {
  const double value = 100 * share;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  if (value < 100 && value > 99.5) return "> 99.5 %";
  return plainNumber(value, value > 0 && value < 10 ? 1 : 0) + " %";
}

}  // namespace soleus
