/// Files of the Lab Streaming Layer (XDF 1.0, github.com/sccn/xdf/wiki/Specifications): the streams of
/// numbers in them.
#pragma once

#include <string>
#include <vector>

#include "pipeline/core/result.h"

namespace soleus {

struct XdfChannel {
  std::string label;  ///< empty if the file has none
  std::string units;  ///< likewise
};

struct XdfStream {
  std::string name;
  double samplesPerSecond = 0;  ///< nominal; 0 if they come unevenly
  std::vector<XdfChannel> channels;
  /// Of each sample: seconds on the recording computer's clock, the offsets of the sender's clock applied,
  /// evenly spaced between pauses where a rate is named.
  std::vector<double> timeS;
  std::vector<float> value;  ///< samples after each other, each with a value of every channel
};

/// The streams that hold numbers; those of text (markers) are left out. What follows a damaged place is not
/// read: an error (kBadInput), as is a file that is none.
Result<std::vector<XdfStream>> readXdf(const std::string& path);

}  // namespace soleus
