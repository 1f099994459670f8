/// A session as tidy tables that any program opens.
#pragma once

#include <string>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// Writes one CSV file (UTF-8, commas, a header, decimal points) for each table and stream of the session
/// into `folder`, which exists: doppler.csv, contractions.csv, signal_NAME.csv, stream_NAME.csv,
/// stream_NAME_gaps.csv and so on, as far as the session has them. Names of columns end in their unit
/// (peak_velocity_cm_s); what was not measured is an empty field; flags are words. Besides columns.csv, which
/// says of each column its unit and meaning, session.csv (who, when, which limb), and calibration.yaml and
/// configuration.yaml in force. The spectrum is a picture and stays in the session. Errors: kBadInput for a
/// table that cannot be read or whose columns differ in length; kStorage.
Status writeCsvTables(const SessionReader& session, const std::string& folder);

}  // namespace soleus
