/// Consecutive samples of a Doppler signal: what arrives at once from sound or an I/Q recording.
#pragma once

#include <complex>
#include <vector>

namespace soleus {

/// Full scale is 1 on each channel. Which channel is what, AudioCalibration::channels says.
struct SampleBlock {
  std::vector<std::complex<float>> values;  ///< left + j right, that is I + jQ; the right one 0 where mono
  bool discontinuous = false;               ///< the source says that samples are missing before the first one
};

}  // namespace soleus
