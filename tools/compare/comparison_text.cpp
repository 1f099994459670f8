#include "tools/compare/comparison_text.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "tools/compare/comparison_words.h"

namespace soleus {
namespace {

// Columns of a terminal: the longest label, and a number with its sign.
constexpr std::size_t kLabel = 38;
constexpr std::size_t kValue = 10;

/// In characters as they are seen: bytes that go on with a UTF-8 character take no place.
std::string padded(const std::string& text, std::size_t width) {
  const auto seen = static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
  return seen >= width ? text : text + std::string(width - seen, ' ');
}

void row(std::ostream& out, const std::string& label, const Estimate& estimate, int decimals) {
  out << "  " << padded(label, kLabel) << padded(numberText(estimate.value, decimals), kValue)
      << intervalText(estimate, decimals) << "\n";
}

void agreementRows(std::ostream& out, const MeasureComparison& measure, int decimals) {
  for (std::size_t j = 0; j < measure.agreement.size(); ++j) {
    const Agreement& agreement = measure.agreement[j];
    row(out, "bias, session " + std::to_string(j + 2) + " − session 1", agreement.bias, decimals);
    row(out, "  lower limit of agreement", agreement.lower, decimals);
    row(out, "  upper limit of agreement", agreement.upper, decimals);
  }
}

void differenceRows(std::ostream& out, const MeasureComparison& measure, int decimals) {
  for (std::size_t j = 0; j < measure.differences.size(); ++j) {
    row(out, "session " + std::to_string(j + 2) + " − session 1", measure.differences[j], decimals);
    out << "    " << verdict(measure.differences[j]) << "\n";
  }
}

void block(std::ostream& out, const Comparison& comparison, const MeasureComparison& measure,
           const Measure& what) {
  out << "\n" << what.name << ", " << what.unit;
  if (!isMeasured(measure)) {
    out << ": not measured in two sessions of anyone\n";
    return;
  }
  out << "\n";
  if (comparison.cases.size() == 1) {
    differenceRows(out, measure, what.decimals);
  } else {
    agreementRows(out, measure, what.decimals);
    row(out, "ICC(2,1), absolute agreement", measure.reliability.absolute, 2);
    row(out, "ICC(3,1), consistency", measure.reliability.consistent, 2);
    if (const std::string because = whyNoIcc(comparison, measure); !because.empty())
      out << "    " << because << "\n";
  }
  if (std::isfinite(measure.within.sem.value)) {
    const Estimate& cv = measure.within.cv;
    row(out, "standard error of measurement (SEM)", measure.within.sem, what.decimals);
    row(out, "minimal detectable change (MDC95)", measure.within.mdc95, what.decimals);
    row(out, "within-subject CV, %", {100 * cv.value, 100 * cv.low, 100 * cv.high}, 1);
  }
  if (!measure.leftOut.empty()) out << "  " << measure.leftOut << "\n";
}

}  // namespace

void writeText(const Comparison& comparison, std::ostream& out) {
  out << countOf(comparison) << "; means over the contractions that count\n";
  for (const std::string& note : comparison.notes) out << note << "\n";
  if (comparison.cases.size() == 1)
    out << "The ICC and limits of agreement cannot be told from one subject.\n";
  out << "  " << padded("", kLabel) << padded("value", kValue) << "95 % interval\n";
  for (std::size_t i = 0; i < kMeasures.size(); ++i)
    block(out, comparison, comparison.measures[i], kMeasures[i]);
  out << "\nResearch software: not for diagnosis.\n";
}

}  // namespace soleus
