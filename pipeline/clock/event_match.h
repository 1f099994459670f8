/// Which events of two streams are the same ones?
#pragma once

#include <optional>
#include <vector>

#include "pipeline/clock/sync_series.h"
#include "pipeline/core/result.h"

namespace soleus {

/// The same event, seen by both streams: by how much later the first has it.
struct EventPair {
  double leastS = 0;
  double mostS = 0;
  double biasS = 0;                 ///< as in SyncEvent, of both
  double timeS = 0;                 ///< when, on the second stream's clock
  std::optional<Between> end = {};  ///< by how much later the first has its end
  [[nodiscard]] double middleS() const { return 0.5 * (leastS + mostS); }
};

struct EventMatch {
  double delayS = 0;  ///< of the first stream against the second, to some milliseconds
  std::vector<EventPair> pairs;
  /// Events of the streams, in the time that both have, without a partner.
  std::size_t unmatchedFirst = 0;
  std::size_t unmatchedSecond = 0;
  /// Another delay, outside the range that was looked in, at which about as many meet: of events that come
  /// evenly.
  std::optional<double> otherDelayS = {};
};

/// The delay between -`withinS` and `withinS` at which more events meet than at any other. Streams may miss
/// events and have others besides; how many of the strongest are looked at is decided by what makes chance
/// least likely. Errors (kBadInput): too few events, or meetings that could be chance; two delays at which
/// about as many meet, as of periodic events.
Result<EventMatch> matchEvents(const SyncSeries& first, const SyncSeries& second, double withinS);

}  // namespace soleus
