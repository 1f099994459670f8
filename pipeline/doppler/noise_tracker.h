/// The noise of a recording: its floor, for blocks that show none, since flow that fills the whole axis hides
/// it; and the spectral window that its speckle shows.
#pragma once

#include <deque>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"
#include "pipeline/doppler/noise_speckle.h"
#include "pipeline/doppler/strip_block.h"

namespace soleus {

/// The lowest noise floor of the last 3 s shown, so that a change of gain is taken up. State between blocks:
/// one thread at a time, blocks in order of time.
class NoiseTracker {
 public:
  explicit NoiseTracker(const DopplerCalibration& calibration);

  /// Takes note of the block and sets its noiseFloor: 0 (none) until sound has held more than silence. Sets
  /// its spectralWindowS once, for the rest of a recording, if the window is clearly longer than assumed.
  /// Says so, and when the floor has risen.
  std::vector<Event> follow(StripBlock& block);
  /// Sets of the block what is known so far, and takes no note of it.
  void apply(StripBlock& block) const;

 private:
  struct Floor {
    double shownS;  // as shownS_ below, after the block
    double power;
  };
  void listen(const cv::Mat& power, double noise);

  DopplerCalibration calibration_;
  double nothing_;     // power of grey 0
  double shownS_ = 0;  // time that columns stand for, so far
  std::deque<Floor> recent_;
  double floor_ = 0;  // 0 until the first block that holds something
  double assumedRows_;
  NoiseSpeckle speckle_;
  bool windowTold_;
  double windowS_ = 0;  // 0: as assumed
};

}  // namespace soleus
