#include "pipeline/clock/delay_measurement.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "pipeline/clock/event_match.h"
#include "pipeline/clock/rise_correlation.h"
#include "pipeline/clock/step_edges.h"

namespace soleus {
namespace {

// Correlation costs by the range: a wide one is left to the events.
constexpr double kMostCorrelatedS = 1;
// A drift is told from this many events on, over so long.
constexpr std::size_t kDriftEvents = 8;
constexpr double kDriftSpanS = 30;
// Standard errors at which it is none of chance.
constexpr double kSurely = 4;
// Ends are looked at where onsets are open by this much, if so many events have one.
constexpr double kFrameS = 0.004;
constexpr double kMostHaveEnds = 0.8;

/// Slope of the pairs' middles over time (s/s) by least squares on those within three median deviations of
/// the middle line, NaN if it isn't clear.
double driftOf(const std::vector<EventPair>& pairs) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const double spanS = pairs.back().timeS - pairs.front().timeS;
  if (pairs.size() < kDriftEvents || spanS < kDriftSpanS) return none;
  std::vector<double> slopes;  // of all pairs of pairs: Theil and Sen
  for (std::size_t i = 0; i < pairs.size(); ++i)
    for (std::size_t k = i + 1; k < pairs.size(); ++k)
      if (pairs[k].timeS - pairs[i].timeS > spanS / 4)
        slopes.push_back((pairs[k].middleS() - pairs[i].middleS()) / (pairs[k].timeS - pairs[i].timeS));
  if (slopes.empty()) return none;
  const double slope = medianOf(slopes);
  std::vector<double> levels;
  for (const EventPair& pair : pairs) levels.push_back(pair.middleS() - slope * pair.timeS);
  const double level = medianOf(levels);
  std::vector<double> sizes;
  double middleS = 0;
  double squares = 0;
  for (const EventPair& pair : pairs) {
    // A uniform error within the bounds, besides what is seen.
    sizes.push_back(std::abs(pair.middleS() - slope * pair.timeS - level));
    middleS += pair.timeS / static_cast<double>(pairs.size());
    squares += std::pow(pair.mostS - pair.leastS, 2) / 12 / static_cast<double>(pairs.size());
  }
  const double deviationS = std::max(1.4826 * medianOf(sizes), std::sqrt(squares));
  double leverS2 = 0;
  for (const EventPair& pair : pairs) leverS2 += std::pow(pair.timeS - middleS, 2);
  return std::abs(slope) > kSurely * deviationS / std::sqrt(leverS2) ? slope : none;
}

/// With the ends too, where a frame leaves the onsets open and both streams have ends that fit: flash and
/// pulse are then as long as each other, and the ends fall elsewhere between the frames.
DelayEstimate withEnds(const std::vector<EventPair>& pairs) {
  const DelayEstimate onsets = delayOfPairs(pairs);
  std::vector<double> widths;
  std::vector<EventPair> ends;
  for (const EventPair& pair : pairs) {
    widths.push_back(pair.mostS - pair.leastS);
    if (!pair.end) continue;
    ends.push_back(pair);
    ends.back().leastS = pair.end->earliestS;
    ends.back().mostS = pair.end->latestS;
  }
  if (medianOf(widths) < kFrameS ||
      static_cast<double>(ends.size()) < kMostHaveEnds * static_cast<double>(pairs.size()))
    return onsets;
  const DelayEstimate byEnds = delayOfPairs(ends);
  if (std::abs(byEnds.delayS - onsets.delayS) > byEnds.uncertaintyS + onsets.uncertaintyS) return onsets;
  ends.insert(ends.end(), pairs.begin(), pairs.end());
  return delayOfPairs(ends);
}

std::string told(const DelayEstimate& estimate) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f +- %.1f ms", 1e3 * estimate.delayS, 1e3 * estimate.uncertaintyS);
  return text;
}

}  // namespace

Result<DelayMeasurement> measureDelay(const SyncSeries& first, const SyncSeries& second, double withinS) {
  auto matched = matchEvents(first, second, withinS);
  if (!matched.ok()) return matched.error();
  std::vector<EventPair>& pairs = matched.value().pairs;
  DelayMeasurement found;
  found.matched = pairs.size();
  found.unmatchedFirst = matched.value().unmatchedFirst;
  found.otherDelayS = matched.value().otherDelayS;
  found.unmatchedSecond = matched.value().unmatchedSecond;
  found.spanS = pairs.back().timeS - pairs.front().timeS;
  const double drift = driftOf(pairs);
  found.driftPpm = 1e6 * drift;
  if (std::isfinite(drift)) {
    const double middleS = 0.5 * (pairs.back().timeS + pairs.front().timeS);
    for (EventPair& pair : pairs) {
      pair.leastS -= drift * (pair.timeS - middleS);
      pair.mostS -= drift * (pair.timeS - middleS);
      if (!pair.end) continue;
      pair.end->earliestS -= drift * (pair.timeS - middleS);
      pair.end->latestS -= drift * (pair.timeS - middleS);
    }
  }
  found.events = withEnds(pairs);
  std::vector<double> biasesS;
  for (const EventPair& pair : pairs) biasesS.push_back(pair.biasS);
  found.events.uncertaintyS = std::hypot(found.events.uncertaintyS, medianOf(biasesS));
  const bool wide = withinS > kMostCorrelatedS;
  const auto correlated =
      correlateRises(first, second, wide ? found.events.delayS : 0, wide ? kMostCorrelatedS : withinS);
  if (!correlated.ok()) return correlated.error();
  found.correlation = correlated.value();
  const double apartS = std::abs(found.events.delayS - found.correlation.delayS);
  if (apartS > found.events.uncertaintyS + found.correlation.uncertaintyS) {
    return Error{ErrorKind::kBadInput, first.name, "events and correlation give different delays",
                 told(found.events) + " and " + told(found.correlation), "one delay, clearly"};
  }
  return found;
}

}  // namespace soleus
