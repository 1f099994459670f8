#include "tools/compare/comparison_words.h"

#include <algorithm>
#include <cmath>

#include "tools/report/number_text.h"

namespace soleus {

std::string numberText(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  std::string text = plainNumber(value, decimals);
  if (text.front() != '-') return text;
  text.erase(0, 1);
  const bool isZero = text.find_first_not_of("0.") == std::string::npos;
  return isZero ? text : "−" + text;
}

std::string intervalText(const Estimate& estimate, int decimals) {
  if (!std::isfinite(estimate.low) || !std::isfinite(estimate.high)) return "";
  return numberText(estimate.low, decimals) + " to " + numberText(estimate.high, decimals);
}

std::string whyNoIcc(const Comparison& comparison, const MeasureComparison& measure) {
  if (std::isfinite(measure.reliability.absolute.value)) return "";
  if (comparison.cases.size() == 1) {
    return "The ICC compares how subjects differ with how sessions of one subject differ: it cannot be told "
           "from one subject.";
  }
  if (measure.reliability.subjects < 2)
    return "Fewer than two subjects have a value in both of the first sessions.";
  return "All values are equal: they tell neither how subjects differ nor how one changes by chance.";
}

std::string verdict(const Estimate& difference) {
  if (!std::isfinite(difference.value)) return "not measured in both";
  if (!std::isfinite(difference.low)) return "its uncertainty is not known";
  const bool isLarger = difference.low > 0 || difference.high < 0;
  return isLarger ? "larger than its uncertainty" : "within its uncertainty";
}

bool isMeasured(const MeasureComparison& measure) {
  return std::ranges::any_of(measure.values, [](const std::vector<double>& row) {
    return std::ranges::count_if(row, [](double v) { return std::isfinite(v); }) > 1;
  });
}

bool hasErrors(const Comparison& comparison) {
  return std::ranges::any_of(comparison.measures,
                             [](const MeasureComparison& m) { return std::isfinite(m.within.sem.value); });
}

}  // namespace soleus
