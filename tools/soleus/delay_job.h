/// `soleus calibrate --delay`: how much later one recording shows what another shows too.
#pragma once

#include <optional>
#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

struct DelayJob {
  std::string input;    ///< FILE[#CHANNEL] of which the delay is asked for
  std::string against;  ///< likewise, of what it is measured against
  double withinS = 0.5;
  std::optional<Region> region;  ///< of a video that flashes
  std::string output;            ///< YAML (schema soleus.delay/1) to write; empty: none
  bool force = false;            ///< overwrite it
  bool json = false;             ///< print the results as JSON
};

/// Measures, prints and writes. Errors: of the files, of measureDelay(), of the output.
Status measureDelayOfFiles(const DelayJob& job);

}  // namespace soleus
