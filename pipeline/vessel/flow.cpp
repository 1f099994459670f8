#include "pipeline/vessel/flow.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace soleus {
namespace {

// Columns come out of the unrolling up to a sweep late; nothing asks for an area older than that.
constexpr Span kRemembered{30'000'000'000};

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// cm/s x mm2 to mL/min: 1 mm2 is 0.01 cm2, 1 cm3/s is 60 mL/min.
constexpr double kMlPerMin = 0.01 * 60.0;

}  // namespace

void FlowMeter::push(const VesselSample& sample) {
  if (std::isnan(sample.areaMm2)) return;
  if (!samples_.empty() && sample.time <= samples_.back().time) return;
  samples_.push_back(sample);
  while (samples_.front().time < sample.time - kRemembered) samples_.pop_front();
}

double FlowMeter::areaMm2At(SessionTime time) const {
  const auto after = std::lower_bound(samples_.begin(), samples_.end(), time,
                                      [](const VesselSample& s, SessionTime t) { return s.time < t; });
  const VesselSample* next = after != samples_.end() && after->time - time <= kOldestArea ? &*after : nullptr;
  const VesselSample* last = after != samples_.begin() && time - std::prev(after)->time <= kOldestArea
                                 ? &*std::prev(after)
                                 : nullptr;
  if (next != nullptr && last != nullptr) {
    const double share = (time - last->time).seconds() / (next->time - last->time).seconds();
    return last->areaMm2 + share * (next->areaMm2 - last->areaMm2);
  }
  if (next != nullptr) return next->areaMm2;
  return last != nullptr ? last->areaMm2 : kUnknown;
}

float FlowMeter::volumeFlowMlPerMin(float meanCmPerS, SessionTime time) const {
  return static_cast<float>(meanCmPerS * areaMm2At(time) * kMlPerMin);
}

}  // namespace soleus
