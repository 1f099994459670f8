/// A lab's set-up (schema soleus.lab/1): what `soleus record` records, from where, and how it measures.
#pragma once

#include <string>

#include "pipeline/core/result.h"
#include "tools/soleus/measure.h"

namespace soleus {

/// The part of a MeasureJob that the YAML at `path` states; files it names are relative to its own folder.
/// Errors name line and key.
Result<MeasureJob> loadLabConfig(const std::string& path);

}  // namespace soleus
