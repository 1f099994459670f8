/// The noise floor of a recording, for blocks that show none: flow that fills the whole axis hides it.
#pragma once

#include <deque>
#include <optional>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"
#include "pipeline/doppler/strip_block.h"

namespace soleus {

/// The lowest noise floor of the last 3 s, so that a change of gain is taken up. State between blocks: one
/// thread at a time, blocks in order of time.
class NoiseTracker {
 public:
  explicit NoiseTracker(const DopplerCalibration& calibration);

  /// Takes note of the block and sets its noiseFloor: 0 (none) until sound has held more than silence. Says
  /// so when the floor has risen.
  std::optional<Event> follow(StripBlock& block);

 private:
  struct Floor {
    SessionTime time;  // of the block's last column
    double power;
  };
  DopplerCalibration calibration_;
  double nothing_;  // power of grey 0
  std::deque<Floor> recent_;
  double floor_ = 0;  // 0 until the first block that holds something
};

}  // namespace soleus
