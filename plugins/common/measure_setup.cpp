#include "plugins/common/measure_setup.h"

#include <algorithm>

#include "calibration/profile/profile.h"
#include "pipeline/doppler/measure_columns.h"

namespace soleus {

Result<CalibrationProfile> findProfile(const std::string& path,
                                       const std::optional<std::string>& streamCalibration,
                                       const char* element) {
  if (!path.empty()) return loadProfile(path);
  if (streamCalibration) return parseProfile(*streamCalibration, "calibration from the source");
  return Error{ErrorKind::kBadInput, element, "no calibration", "none in the stream and no 'calibration' set",
               "a calibration profile"};
}

std::optional<Error> unknownEstimator(const std::string& name) {
  const auto names = estimatorNames();
  if (std::find(names.begin(), names.end(), name) != names.end()) return std::nullopt;
  std::string known;
  for (const auto& each : names) known += (known.empty() ? "" : " | ") + each;
  return Error{ErrorKind::kBadInput, "estimator", "unknown estimator", "'" + name + "'", known};
}

}  // namespace soleus
