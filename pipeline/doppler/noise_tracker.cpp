#include "pipeline/doppler/noise_tracker.h"

#include <algorithm>
#include <cmath>

#include "pipeline/doppler/noise_floor.h"
#include "pipeline/doppler/power.h"
#include "pipeline/doppler/strip_report.h"

namespace soleus {
namespace {

// Bursts that fill the axis last up to 2 s. A gain turned up is taken for one until it has lasted longer.
constexpr Span kMemory{3'000'000'000};

// Single blocks' floors, and the lowest of several, vary by less.
constexpr double kRisen = 1.4;

// A block whose floor is this near to what grey 0 stands for holds nothing.
constexpr double kNothing = 1.1;

}  // namespace

NoiseTracker::NoiseTracker(const DopplerCalibration& calibration)
    : calibration_(calibration), nothing_(powerOfGrey(calibration.dynamicRangeOrAssumedDb())[0]) {}

std::optional<Event> NoiseTracker::follow(StripBlock& block) {
  const double own = noiseFloor(powerColumns(block, calibration_));
  // Digital silence, 120 dB down, is no noise of sound: a mute, padding. Of a screen, black is.
  if (calibration_.spectralWindowS && own <= kNothing * nothing_) {
    block.noiseFloor = floor_;
    return std::nullopt;
  }
  const SessionTime now = block.time.back();
  recent_.push_back({now, own});
  while (now - recent_.front().time > kMemory) recent_.pop_front();
  const double before = floor_;
  floor_ = std::min_element(recent_.begin(), recent_.end(), [](const Floor& a, const Floor& b) {
             return a.power < b.power;
           })->power;
  block.noiseFloor = floor_;
  if (before == 0 || floor_ < kRisen * before) return std::nullopt;
  return stripEvent(block.time.front().seconds(), EventKind::kNote,
                    "The noise has been %.0f dB higher for %.0f s: a gain turned up, or flow that fills the "
                    "whole axis; until now it counted as flow",
                    10 * std::log10(floor_ / before), kMemory.seconds());
}

}  // namespace soleus
