/// An input file as evidence: that it is there, and which one it was.
#pragma once

#include <cstdint>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

struct InputFile {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< lower-case hexadecimal
};

/// Errors (kBadInput): missing, a folder, empty, unreadable.
Status checkInput(const std::string& path);
/// The same checks, then reads the whole file for its digest. Errors also: a file that cannot be read to its
/// end, or not be digested.
Result<InputFile> identifyInput(const std::string& path);

/// Whether the file carries the mark of a DICOM file, behind a preamble of 128 bytes.
bool isDicom(const std::string& path);

}  // namespace soleus
