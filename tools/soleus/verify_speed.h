/// A profile put to the test: a string or flow phantom of known speed, measured with it.
#pragma once

#include <string>

#include "calibration/speed/speed_check.h"
#include "pipeline/core/result.h"

namespace soleus {

struct SpeedJob {
  std::string input;        ///< recording of the phantom
  std::string profilePath;  ///< to be tested
  std::string output;       ///< where the result goes (YAML, schema soleus.verification/1)
  Speed known;
  bool mean = false;   ///< the known speed is that of the mean flow, not of a string or of the fastest flow
  bool force = false;  ///< overwrite the output
};

/// Measures the recording, compares, and writes the correction with its uncertainty. The profile is left as
/// it is. Errors: as of analyse and checkSpeed; storage.
Result<SpeedCheck> verifySpeed(const SpeedJob& job);

}  // namespace soleus
