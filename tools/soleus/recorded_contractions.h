/// The contractions of a recording that has just ended.
#pragma once

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// The session_id of the file; empty where there is none that can be read.
std::string sessionIdOf(const std::string& path);

/// Looks for contractions in a session that was recorded just now and puts them into the file
/// (session_contractions.h). What was recorded is never at risk: a copy beside it takes them and then its
/// place, while the file is claimed (write_lock.h) and Ctrl-C waits. A file that is still the session
/// `earlierId` is left alone, as are recordings of more than four hours: their columns are held in memory for
/// it. Errors: kStorage (no room for a copy, for example) and kBadInput; the session is then as it was.
Status addContractionsOfRecording(const std::string& path, const std::string& earlierId);

}  // namespace soleus
