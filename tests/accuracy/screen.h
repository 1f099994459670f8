/// The way through a screen: phantom, codec and the measuring element, as a user's recording goes.
#pragma once

#include <string>
#include <vector>

#include "tests/accuracy/recording.h"

namespace soleus::accuracy {

/// duplexsrc ! encoder ! decoder ! duplextrack for each estimator. Throws std::runtime_error on a fault.
std::vector<Measured> measureScreen(const AccuracyCase& c, const std::vector<std::string>& estimators);

/// Names of the codecs of AccuracyCase::codec, "none" first.
std::vector<std::string> codecNames();

}  // namespace soleus::accuracy
