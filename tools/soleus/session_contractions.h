/// The contractions of a session that was measured, put into it.
#pragma once

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// Finds the contractions of the session at `path`, which is finished and not the only copy of a recording
/// (see add_to_session.h), and adds them. A session without Doppler velocities is left as it is. Errors as of
/// SessionReader, and kStorage.
Status addContractionsOf(const std::string& path);

}  // namespace soleus
