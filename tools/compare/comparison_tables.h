/// The tables of a comparison's page, as HTML.
#pragma once

#include <ostream>

#include "tools/compare/comparison.h"

namespace soleus {

/// Of several cases: bias, limits of agreement, ICC, SEM, MDC and CV of each measure.
void writeAgreement(std::ostream& out, const Comparison& comparison);
/// Of one case: its sessions' means and their differences.
void writeDifferences(std::ostream& out, const Comparison& comparison);
/// Every session's values.
void writeSessions(std::ostream& out, const Comparison& comparison);

}  // namespace soleus
