/// Ties a session to the archive of its video.
#pragma once

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// Root attributes that tell of the video's archive: its file, and the SHA-256 of it, empty until it is
/// whole.
inline constexpr const char* kArchive = "archive";
inline constexpr const char* kArchiveDigest = "archive_sha256";

/// Writes the SHA-256 (lower-case hexadecimal) of the archive that the finished session at `path` names.
/// Errors (kStorage): the session cannot be written.
Status writeArchiveDigest(const std::string& path, const std::string& sha256);

}  // namespace soleus
