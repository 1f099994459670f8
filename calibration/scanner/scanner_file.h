/// Scanner profiles (schema soleus.scanner/1): YAML in, checked struct out.
#pragma once

#include <string>

#include "calibration/scanner/scanner_profile.h"
#include "pipeline/core/result.h"

namespace soleus {

/// Reads and checks the profile at `path`. Errors name file, line and key: unknown or missing key, a fact
/// without a source, a source that no fact names, an unknown unit, a value out of range.
Result<ScannerProfile> loadScanner(const std::string& path);

/// The same for a text already in memory; `name` stands for the file in messages.
Result<ScannerProfile> parseScanner(const std::string& text, const std::string& name);

}  // namespace soleus
