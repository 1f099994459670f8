/// A comparison as one self-contained page.
#pragma once

#include <ostream>

#include "pipeline/core/result.h"
#include "tools/compare/comparison.h"

namespace soleus {

/// A table, a Bland-Altman plot for each measure and all sessions' values, as HTML without a script; it loads
/// nothing. Subjects stand there by their codes, sessions by the names of their files, without folders.
/// Errors: kStorage.
Status writeComparisonPage(const Comparison& comparison, std::ostream& out);

}  // namespace soleus
