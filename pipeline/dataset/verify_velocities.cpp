#include "pipeline/dataset/verify_velocities.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pipeline/dataset/verify_values.h"

namespace soleus {

namespace {

constexpr const char* kPeak = "/doppler/peak_velocity";
constexpr const char* kForward = "/doppler/peak_velocity_forward";
constexpr const char* kReverse = "/doppler/peak_velocity_reverse";
constexpr const char* kMean = "/doppler/mean_velocity";

/// What the axis says of the velocities on it, in cm/s.
struct AxisLimits {
  double reach = std::numeric_limits<double>::infinity();  ///< no velocity is larger
  double resolution = 0;  ///< closer ones can't be told apart; 0 where there is no axis: a truth is exact
};

AxisLimits readLimits(Examination& examination) {
  AxisLimits limits;
  examination.examine("/doppler/velocity", [&] {
    const auto axis = readColumn(examination, "/doppler/velocity");
    if (!axis || axis->size() < 2) return;
    const auto [low, high] = std::minmax_element(axis->begin(), axis->end());
    const double step = (*high - *low) / static_cast<double>(axis->size() - 1);
    // The axis spans twice the Nyquist velocity; an unwrapped velocity reaches that far to either side. One
    // step more, as the axis holds the centres of the rows.
    limits.reach = std::max({*high - *low, std::abs(*low), std::abs(*high)}) + step;
    limits.resolution = meanSlackCmPerS(*axis);
  });
  return limits;
}

void checkPeakIsOfADirection(Examination& examination) {
  examination.examine(kPeak, [&] {
    const auto peak = readColumn(examination, kPeak);
    const auto forward = readColumn(examination, kForward);
    const auto reverse = readColumn(examination, kReverse);
    if (!peak || !forward || !reverse) return;
    for (std::size_t i = 0; i < std::min({peak->size(), forward->size(), reverse->size()}); ++i) {
      const double value = (*peak)[i];
      if (peakIsOfADirection(value, (*forward)[i], (*reverse)[i])) continue;
      return examination.add(kPeak, "is " + numberText(value) + atEntry(i) + ", expected " +
                                        numberText((*forward)[i]) + " of forward or " +
                                        numberText((*reverse)[i]) + " of reverse");
    }
  });
}

void checkMeanWithinEnvelopes(Examination& examination, double slackCmPerS) {
  examination.examine(kMean, [&] {
    const auto mean = readColumn(examination, kMean);
    const auto forward = readColumn(examination, kForward);
    const auto reverse = readColumn(examination, kReverse);
    if (!mean || !forward || !reverse) return;
    for (std::size_t i = 0; i < std::min({mean->size(), forward->size(), reverse->size()}); ++i) {
      const double low = (*reverse)[i] - slackCmPerS;
      const double high = (*forward)[i] + slackCmPerS;
      if (meanIsWithin((*mean)[i], (*forward)[i], (*reverse)[i], slackCmPerS)) continue;
      return examination.add(kMean, "is " + numberText((*mean)[i]) + atEntry(i) + ", expected " +
                                        numberText(low) + " to " + numberText(high) +
                                        " between the envelopes");
    }
  });
}

}  // namespace

double meanSlackCmPerS(const std::vector<double>& axisCmPerS) {
  const auto [low, high] = std::minmax_element(axisCmPerS.begin(), axisCmPerS.end());
  const double step = (*high - *low) / static_cast<double>(axisCmPerS.size() - 1);
  // The spectrum's window smears every edge over 1/N of the axis, N being its pulses, however finely the
  // rows are drawn; duplex scanners take no fewer than about 32.
  constexpr double kFewestPulses = 32;
  return std::max(step, (*high - *low + step) / kFewestPulses);
}

bool peakIsOfADirection(double peak, double forward, double reverse) {
  return !std::isfinite(peak) || peak == forward || peak == reverse;
}

bool meanIsWithin(double mean, double forward, double reverse, double slack) {
  // Not so written that NaN, an unknown envelope, fails.
  return !(mean < reverse - slack) && !(mean > forward + slack);
}

void checkVelocities(Examination& examination) {
  const AxisLimits limits = readLimits(examination);
  checkRange(examination, kPeak, -limits.reach, limits.reach);
  checkRange(examination, kMean, -limits.reach, limits.reach);
  checkRange(examination, kForward, 0, limits.reach);
  checkRange(examination, kReverse, -limits.reach, 0);
  checkPeakIsOfADirection(examination);
  checkMeanWithinEnvelopes(examination, limits.resolution);
}

}  // namespace soleus
