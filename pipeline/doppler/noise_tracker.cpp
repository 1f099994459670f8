#include "pipeline/doppler/noise_tracker.h"

#include <algorithm>
#include <cmath>

#include "pipeline/doppler/envelope_directions.h"
#include "pipeline/doppler/noise_floor.h"
#include "pipeline/doppler/power.h"
#include "pipeline/doppler/strip_report.h"

namespace soleus {
namespace {

// Bursts that fill the axis last up to 2 s. A gain turned up is taken for one until it has lasted longer.
constexpr double kMemoryS = 3.0;

// Single blocks' floors, and the lowest of several, vary by less.
constexpr double kRisen = 1.4;

// A block whose floor is this near to what grey 0 stands for holds nothing.
constexpr double kNothing = 1.1;

// Some 250 independent columns of 15 rows each: they tell the window's length to a few percent.
constexpr double kWindowToldS = 2.0;

// Noise that hardly rises above black shows its highest peaks alone, which are narrower than its speckle.
constexpr double kShown = 2.0;

// A codec's blur changes what a window seems to be by up to a tenth: a fifth is no error of measurement.
// Shorter than assumed is what interpolated rows look like, and is not believed.
constexpr double kClearlyLonger = 1.2;

}  // namespace

NoiseTracker::NoiseTracker(const DopplerCalibration& calibration)
    : calibration_(calibration),
      nothing_(powerOfGrey(calibration.dynamicRangeOrAssumedDb())[0]),
      assumedRows_(directionAxis(calibration).windowRows),
      speckle_(assumedRows_),
      windowTold_(calibration.spectralWindowS || !(calibration.prfHz || calibration.transmitFrequencyHz)) {}

std::vector<Event> NoiseTracker::follow(StripBlock& block) {
  const cv::Mat power = powerColumns(block, calibration_);
  const double own = noiseFloor(power);
  // Digital silence, 120 dB down, is no noise of sound: a mute, padding. Of a screen, black is.
  if (calibration_.spectralWindowS && own <= kNothing * nothing_) {
    block.noiseFloor = floor_;
    return {};
  }
  // A gap tells nothing of the noise: only what was shown lets a floor be forgotten.
  shownS_ += static_cast<double>(block.time.size()) * calibration_.secondsPerPixel;
  recent_.push_back({shownS_, own});
  while (shownS_ - recent_.front().shownS > kMemoryS) recent_.pop_front();
  const double before = floor_;
  floor_ = std::min_element(recent_.begin(), recent_.end(), [](const Floor& a, const Floor& b) {
             return a.power < b.power;
           })->power;
  block.noiseFloor = floor_;
  std::vector<Event> events;
  if (before > 0 && floor_ >= kRisen * before) {
    events.push_back(
        stripEvent(block.time.front().seconds(), EventKind::kNote,
                   "The noise has been %.0f dB higher for %.0f s: a gain turned up, or flow that "
                   "fills the whole axis; until now it counted as flow",
                   10 * std::log10(floor_ / before), kMemoryS));
  }
  if (!windowTold_) {
    const int first = block.leftContext;
    listen(power.rowRange(first, first + static_cast<int>(block.time.size())), own);
    if (windowS_ > 0) {
      events.push_back(stripEvent(block.time.front().seconds(), EventKind::kNote,
                                  "The noise shows that the scanner's spectral window lasts %.1f ms, not the "
                                  "%.1f ms assumed: velocities are measured with it from here",
                                  1000 * windowS_, 1000 * spectralWindowS(calibration_)));
    }
  }
  block.spectralWindowS = windowS_;
  return events;
}

void NoiseTracker::apply(StripBlock& block) const {
  block.noiseFloor = floor_;
  block.spectralWindowS = windowS_;
}

void NoiseTracker::listen(const cv::Mat& power, double noise) {
  if (noise < kShown * nothing_) return;
  speckle_.add(power, noise);
  const auto rows = speckle_.windowRows(static_cast<int>(kWindowToldS / calibration_.secondsPerPixel));
  if (!rows) return;
  windowTold_ = true;
  const double longer = assumedRows_ / *rows;
  if (longer > kClearlyLonger) windowS_ = longer * spectralWindowS(calibration_);
}

}  // namespace soleus
