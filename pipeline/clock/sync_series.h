/// Events that two streams have seen, and what is kept of a stream to find them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace soleus {

/// A moment between two samples. Seconds on its own stream's clock.
struct Between {
  double earliestS = 0;
  double latestS = 0;
};

/// The onset of a flash, pulse or tap. Seconds on its own stream's clock.
struct SyncEvent {
  double earliestS = 0;  ///< it was not there yet
  double latestS = 0;    ///< and here it was: between them nothing was sampled
  double strength = 0;   ///< > 0; ranks the events of one stream, and means nothing between two
  double biasS = 0;  ///< so far may all such onsets be wrong in one direction, since they are gradual (95 %)
  std::optional<Between> end = {};  ///< when it was over, where that is as sudden
  [[nodiscard]] double middleS() const { return 0.5 * (earliestS + latestS); }
  [[nodiscard]] double halfWidthS() const { return 0.5 * (latestS - earliestS); }
};

/// By how much a stream became brighter, louder or stronger.
struct SyncRise {
  double fromS = 0;
  double toS = 0;
  double height = 0;  ///< > 0, in the stream's own unit
};

/// What one stream shows: events by a detector, and beside them, for a second opinion, all its rises.
struct SyncSeries {
  std::string name;  ///< for errors: its file
  double startS = 0;
  double endS = 0;
  std::vector<SyncEvent> events;  ///< ascending
  std::vector<SyncRise> rises;    ///< ascending
};

/// Without those that follow a stronger one, or one nearly as strong, so soon that they belong to it: the
/// bounce of a tap, the end of a pulse.
std::vector<SyncEvent> withoutBounces(const std::vector<SyncEvent>& events);

/// The `count` strongest, ascending in time.
std::vector<SyncEvent> strongest(const std::vector<SyncEvent>& events, std::size_t count);

}  // namespace soleus
