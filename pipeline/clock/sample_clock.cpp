#include "pipeline/clock/sample_clock.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Averages 3 ms of jitter in blocks of 20 ms down to 0.2 ms, and lags 0.6 ms behind a drift of 200 ppm.
constexpr double kMemoryS = 3.0;

// A stamp this far off tells no more than one that is nearer: most likely a thread was held up.
constexpr double kMostJitterS = 0.005;

// Half the millisecond to which containers round, and a little for what is left of jitter in the average.
constexpr double kLeftAloneS = 0.0006;

// 25 stamps of blocks of 20 ms.
constexpr double kSettlesS = 0.5;

}  // namespace

SampleClock::SampleClock(double sampleRateHz) : sampleRateHz_(sampleRateHz) {}

void SampleClock::start(double stampS) {
  startS_ = stampS;
  averageS_ = appliedS_ = 0;
  lastSample_ = 0;
  stamps_ = 1;
}

double SampleClock::countedS(std::int64_t sample) const {
  return startS_ + static_cast<double>(sample) / sampleRateHz_;
}

double SampleClock::deviationS(std::int64_t sample, double stampS) const {
  return stampS - countedS(sample) - averageS_;
}

void SampleClock::observe(std::int64_t sample, double stampS) {
  const double passedS = static_cast<double>(sample - lastSample_) / sampleRateHz_;
  lastSample_ = sample;
  ++stamps_;
  // All stamps weigh the same until there are enough of them to forget the first.
  const double weight = std::max(1.0 / static_cast<double>(stamps_), -std::expm1(-passedS / kMemoryS));
  averageS_ += weight * std::clamp(deviationS(sample, stampS), -kMostJitterS, kMostJitterS);
  appliedS_ = std::clamp(appliedS_, averageS_ - kLeftAloneS, averageS_ + kLeftAloneS);
}

bool SampleClock::settledBy(std::int64_t sample) const {
  return static_cast<double>(sample) >= kSettlesS * sampleRateHz_;
}

double SampleClock::timeS(std::int64_t sample) const {
  return countedS(sample) + appliedS_;
}

}  // namespace soleus
