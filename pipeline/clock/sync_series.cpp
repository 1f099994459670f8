#include "pipeline/clock/sync_series.h"

#include <algorithm>

namespace soleus {
namespace {

// Sync events are set further apart by whoever makes them; a hand's second tap comes later too.
constexpr double kBounceS = 0.2;
// An event must be this strong, compared with the next one, for that to be its bounce.
constexpr double kBounceShare = 0.4;

bool earlier(const SyncEvent& a, const SyncEvent& b) {
  return a.earliestS < b.earliestS;
}

}  // namespace

std::vector<SyncEvent> withoutBounces(const std::vector<SyncEvent>& events) {
  std::vector<SyncEvent> kept;
  for (const SyncEvent& event : events) {
    const bool bounce = std::any_of(kept.rbegin(), kept.rend(), [&](const SyncEvent& before) {
      return event.earliestS - before.earliestS < kBounceS &&
             before.strength >= kBounceShare * event.strength;
    });
    if (!bounce) kept.push_back(event);
  }
  return kept;
}

std::vector<SyncEvent> strongest(const std::vector<SyncEvent>& events, std::size_t count) {
  std::vector<SyncEvent> some = events;
  if (count >= some.size()) return some;
  std::nth_element(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count), some.end(),
                   [](const SyncEvent& a, const SyncEvent& b) { return a.strength > b.strength; });
  some.resize(count);
  std::sort(some.begin(), some.end(), earlier);
  return some;
}

}  // namespace soleus
