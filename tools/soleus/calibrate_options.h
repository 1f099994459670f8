/// The command line of whoever needs a calibration found.
#pragma once

#include <CLI/App.hpp>
#include <vector>

#include "tools/soleus/calibrate.h"

namespace soleus {

/// Adds the options that supply what a recording does not show; `options`, all but its input, must live until
/// `command` is parsed. Gives the options.
std::vector<CLI::Option*> addCalibrateOptions(CLI::App& command, CalibrateOptions& options);

}  // namespace soleus
