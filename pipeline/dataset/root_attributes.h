/// What a session says about itself: the attributes of the root and of its streams.
#pragma once

#include <string>
#include <vector>

#include "pipeline/core/stream.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/session_writer.h"

namespace soleus {

/// The contract's word for `state`.
const char* stateName(SessionState state);

/// The time of now, UTC, to the second.
std::string nowIso8601();

/// All root attributes of a new session, with the status `recording`, a new session_id and the time of now.
/// Throws h5::Failure.
void writeRootAttributes(hid_t file, const SessionInfo& info);

/// Makes the attributes of the balance of the stream at `group`, all of them -1: not known before the end.
/// Throws h5::Failure.
void reserveTotals(hid_t file, const std::string& group, const std::vector<std::string>& lossCauses);

/// Fills them in; a cause that `totals` does not name lost nothing. Throws h5::Failure.
void writeTotals(hid_t file, const std::string& group, const StreamTotals& totals);

}  // namespace soleus
