/// The numbers of a finished session on standard output: a table for a person, or JSON.
#pragma once

#include <string>

namespace soleus {

/// Reads the session at `path` and prints its summary. Gives the exit code.
int printSummary(const std::string& path, bool json);

}  // namespace soleus
