/// Velocities from an unrolled block: grey to power, noise floor, envelope, mean, SNR, flags.
#pragma once

#include <string>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"
#include "pipeline/doppler/strip_block.h"

namespace soleus {

/// What may be chosen; all of it is stored with the session.
struct MeasureOptions {
  std::string estimator = "edge_fit";  ///< a name of estimatorNames()
};

/// Names of the maximum-velocity estimators, the default first.
std::vector<std::string> estimatorNames();

/// The N new columns of the block, measured. A pure function of its arguments: same block, same bits.
/// volumeFlowMlPerMin is left NaN. Throws nothing; an unknown estimator is a programming error (see
/// estimatorNames).
std::vector<DopplerColumn> measureColumns(const StripBlock& block, const DopplerCalibration& calibration,
                                          const MeasureOptions& options);

}  // namespace soleus
