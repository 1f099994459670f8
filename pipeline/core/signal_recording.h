/// A signal that was recorded elsewhere and is kept with a session.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace soleus {

struct SignalRecording {
  std::string name;    ///< /signals/NAME of the session file
  std::string units;   ///< "1" if its file does not tell
  std::string source;  ///< its file, channel and offset, without folders
  double samplesPerSecond = std::numeric_limits<double>::quiet_NaN();  ///< NaN if they come unevenly
  std::vector<double> timeS;  ///< on the session clock, strictly increasing
  std::vector<float> value;   ///< as long; NaN where the file has none
};

}  // namespace soleus
