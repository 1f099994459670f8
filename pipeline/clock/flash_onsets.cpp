#include "pipeline/clock/flash_onsets.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Shares of a flash's brightness between which a frame has caught it half way, and how well they are known.
constexpr double kPartly = 0.1;
constexpr double kShareError = 0.05;
// Longer is no flash.
constexpr double kLongestS = 2;

/// Between the last frame without the flash and the first with it; nearer where one has caught a part of it:
/// its exposure, no longer than a frame and about its time stamp, then was under way.
SyncEvent onsetOf(double previousS, double nowS, double nextS, double share, double lastShare) {
  if (share < 1 - kPartly) {
    const double atMostS = (share - 0.5 + kShareError) * (nowS - previousS);
    return {nowS - atMostS, nowS + kShareError * (nextS - nowS), 0, 0};
  }
  if (lastShare > kPartly) {
    const double atMostS = (0.5 - lastShare + kShareError) * (nowS - previousS);
    return {previousS - kShareError * (nowS - previousS), previousS + atMostS, 0, 0};
  }
  return {previousS, nowS, 0, 0};
}

}  // namespace

SyncSeries flashOnsets(const SampledTrace& trace, const std::string& name) {
  SyncSeries series;
  series.name = name;
  if (trace.timeS.size() < 2) return series;
  series.startS = trace.timeS.front();
  series.endS = trace.timeS.back();
  const std::vector<StepEdge> edges = edgesFromRest(trace, 1);
  const double sign = edges.empty() || edges.front().height > 0 ? 1 : -1;
  const auto bright = [&](std::size_t n) { return sign * trace.value[n]; };
  for (const StepEdge& edge : edges) {
    const std::size_t n = edge.index;
    if (n < 2 || n + 1 >= trace.value.size()) continue;
    // A frame may have caught a flash half way, or a flash be gone in the next.
    const double dark = std::min(bright(n - 1), bright(n - 2));
    const double lit = std::max(bright(n), bright(n + 1));
    std::size_t first = n - 1;
    while (bright(first) - dark < 0.5 * (lit - dark)) ++first;
    const auto share = [&](std::size_t k) { return (bright(k) - dark) / (lit - dark); };
    SyncEvent event =
        onsetOf(trace.timeS[first - 1], trace.timeS[first],
                trace.timeS[std::min(first + 1, trace.timeS.size() - 1)], share(first), share(first - 1));
    event.strength = lit - dark;
    std::size_t end = first + 1;
    while (end < trace.timeS.size() && share(end) >= 0.5) ++end;
    if (end < trace.timeS.size() && trace.timeS[end] - trace.timeS[first] < kLongestS)
      event.end = Between{trace.timeS[end - 1], trace.timeS[end]};
    series.events.push_back(event);
  }
  series.events = withoutBounces(series.events);
  for (std::size_t n = 1; n < trace.value.size(); ++n) {
    const double height = bright(n) - bright(n - 1);
    if (height > 0) series.rises.push_back({trace.timeS[n - 1], trace.timeS[n], height});
  }
  return series;
}

}  // namespace soleus
