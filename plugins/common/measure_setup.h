/// What every measuring element needs before it begins: a calibration, and an estimator that exists.
#pragma once

#include <optional>
#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// The profile in the file at `path` or, where that is empty, the one that came with the stream. Errors:
/// neither, or one that cannot be read; `element` names who asks.
Result<CalibrationProfile> findProfile(const std::string& path,
                                       const std::optional<std::string>& streamCalibration,
                                       const char* element);

/// An error that lists the estimators if `name` is none of them.
std::optional<Error> unknownEstimator(const std::string& name);

}  // namespace soleus
