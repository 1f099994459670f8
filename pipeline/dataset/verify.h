/// Checks a session file against the public contract.
#pragma once

#include <string>
#include <vector>

#include "pipeline/core/result.h"

namespace soleus {

/// One departure from the contract: which object, what was found, what was expected.
struct Finding {
  std::string path;   ///< object in the file, "/doppler/time"
  std::string fault;  ///< plain words with the found and expected values
};

/// All departures found; empty for a sound file. An Error if the file cannot be opened as HDF5 at all.
Result<std::vector<Finding>> verifySession(const std::string& path);

}  // namespace soleus
