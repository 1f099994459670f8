/// A comparison for a terminal.
#pragma once

#include <ostream>

#include "tools/compare/comparison.h"

namespace soleus {

/// A block for each measure, 100 columns wide at most but for subjects' codes.
void writeText(const Comparison& comparison, std::ostream& out);

}  // namespace soleus
