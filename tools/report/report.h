/// One session as one self-contained HTML page.
#pragma once

#include <ostream>
#include <string>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// Writes the page of `session` to `out`. `sourceName` is the session file's name as the reader is to see it.
/// The page holds everything it needs and loads nothing (its content security policy forbids it). It stays
/// below some 6 MB whatever the recording's length. Errors: kBadInput, a dataset that cannot be read or
/// doesn't fit its axis; kStorage, `out` refused the bytes.
Status writeReport(const SessionReader& session, const std::string& sourceName, std::ostream& out);

}  // namespace soleus
