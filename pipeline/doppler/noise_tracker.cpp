#include "pipeline/doppler/noise_tracker.h"

#include <algorithm>
#include <cmath>

#include "pipeline/doppler/noise_floor.h"
#include "pipeline/doppler/power.h"

namespace soleus {
namespace {

// Aliased bursts last up to 2 s, in which the floor may rise by a fifth; a gain raised by 6 dB is taken up in
// 8 s.
constexpr double kDoublingS = 8.0;

// A block whose floor is this near to what grey 0 stands for holds nothing.
constexpr double kNothing = 1.1;

}  // namespace

NoiseTracker::NoiseTracker(const DopplerCalibration& calibration)
    : calibration_(calibration), nothing_(powerOfGrey(calibration.dynamicRangeOrAssumedDb())[0]) {}

void NoiseTracker::follow(StripBlock& block) {
  const double own = noiseFloor(powerColumns(block, calibration_));
  // Digital silence, 120 dB down, is no noise of sound: a mute, padding. Of a screen, black is.
  if (calibration_.spectralWindowS && own <= kNothing * nothing_) {
    block.noiseFloor = floor_;
    return;
  }
  const double durationS = static_cast<double>(block.time.size()) * calibration_.secondsPerPixel;
  floor_ = floor_ > 0 ? std::min(own, floor_ * std::exp2(durationS / kDoublingS)) : own;
  block.noiseFloor = floor_;
}

}  // namespace soleus
