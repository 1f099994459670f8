/// The numbers of a comparison as a person reads them, on the page and on the terminal alike.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tools/compare/comparison.h"

namespace soleus {

/// "1.2", or "–" if it is not known. Minus signs are true ones (U+2212), and nothing is "−0.0".
std::string numberText(double value, int decimals);
/// "0.8 to 1.5"; empty if it is not known.
std::string intervalText(const Estimate& estimate, int decimals);

/// Why there is no intraclass correlation; empty if there is one.
std::string whyNoIcc(const Comparison& comparison, const MeasureComparison& measure);
/// Whether a difference is larger than the contractions' scatter and the measurement explain.
std::string verdict(const Estimate& difference);
/// Whether any case has two values.
bool isMeasured(const MeasureComparison& measure);

/// Whether SEM, MDC and CV can be told of any measure: not from one subject measured twice.
bool hasErrors(const Comparison& comparison);

}  // namespace soleus
