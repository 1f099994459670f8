/// A lab's set-up (schema soleus.lab/1): what `soleus record` records, from where, and how it measures.
#pragma once

#include <string>

#include "pipeline/core/result.h"
#include "tools/soleus/measure.h"

namespace soleus {

/// The part of a MeasureJob that the YAML at `path` states, without `configuration`; files it names are
/// relative to its own folder. Errors name line and key.
Result<MeasureJob> loadLabConfig(const std::string& path);

/// The set-up in force, defaults and command line included, as YAML to be kept with the session. Names files
/// without their folders, and addresses without a password. `durationS`: 0 if there was no limit.
std::string labYaml(const MeasureJob& job, double durationS);

}  // namespace soleus
