/// Makes the recording of a case and measures it with several estimators.
#pragma once

#include <string>
#include <vector>

#include "calibration/phantom/scenario.h"
#include "pipeline/core/measurement.h"
#include "tests/accuracy/accuracy_case.h"
#include "tests/accuracy/score.h"

namespace soleus::accuracy {

/// A case as measured by one estimator.
struct Measured {
  std::string estimator;
  std::vector<DopplerColumn> columns;
};

/// Draws the case once and measures it with each estimator. Throws std::runtime_error where it can't be
/// drawn.
std::vector<Measured> measureCase(const AccuracyCase& c, const std::vector<std::string>& estimators);

Truth truthOf(const AccuracyCase& c);

/// The spectral columns of a scenario at their exact times, before any screen shows them, as the default
/// estimator measures them.
std::vector<DopplerColumn> measuredColumns(const Scenario& scenario, std::uint64_t seed);

}  // namespace soleus::accuracy
