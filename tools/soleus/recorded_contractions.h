/// The contractions of a recording that has just ended.
#pragma once

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// Looks for contractions in a recorded session and puts them into the file (session_contractions.h). What
/// was recorded is never at risk: a copy beside it takes them and then its place. Recordings of more than
/// four hours are left as they are: their columns are held in memory for it. Errors: kStorage (no room for a
/// copy, for example) and kBadInput; the session is then as it was.
Status addContractionsOfRecording(const std::string& path);

}  // namespace soleus
