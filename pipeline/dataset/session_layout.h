/// What a new session file has in it before anything is measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/session_writer.h"

namespace soleus {

/// All names below /streams.
std::vector<std::string> streamsOf(const SessionInfo& info);

/// What is wrong with `info`, if anything; `path` is the file it is for.
std::optional<Error> contradiction(const std::string& path, const SessionInfo& info);

/// Makes all groups, datasets and attributes. Throws h5::Failure.
void layOut(hid_t file, const SessionInfo& info);

}  // namespace soleus
