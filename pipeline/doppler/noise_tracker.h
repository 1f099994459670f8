/// The noise floor of a recording, for blocks that show none: flow that fills the whole axis hides it.
#pragma once

#include "pipeline/core/calibration.h"
#include "pipeline/doppler/strip_block.h"

namespace soleus {

/// Follows the lowest noise floor of the blocks seen, and forgets it slowly, so that a change of gain is
/// taken up. State between blocks: one thread at a time, blocks in order of time.
class NoiseTracker {
 public:
  explicit NoiseTracker(const DopplerCalibration& calibration);

  /// Takes note of the block and sets its noiseFloor: 0 (none) until sound has held more than silence.
  void follow(StripBlock& block);

 private:
  DopplerCalibration calibration_;
  double nothing_;    // power of grey 0
  double floor_ = 0;  // 0 until the first block that holds something
};

}  // namespace soleus
