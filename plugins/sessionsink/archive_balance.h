/// Which frames of the video reached the media archive.
#pragma once

#include <deque>
#include <optional>

#include "pipeline/core/stream.h"
#include "pipeline/dataset/session_writer.h"

namespace soleus {

/// The frames of the video are archived in their order or, where the encoder is too slow, dropped before it.
/// Used by the thread that writes the session.
class ArchiveBalance {
 public:
  /// A frame of the video that the archive is to get.
  void expect(const StreamSample& frame) { waiting_.push_back(frame); }
  /// It got the frame of this session time; those before it were dropped. kBadInput if none waits that has
  /// it.
  Status archived(SessionWriter& writer, SessionTime time, ArrivalTime arrival);
  /// It gets no more: what waits is lost.
  Status end(SessionWriter& writer);
  [[nodiscard]] const StreamTotals& totals() const { return totals_; }

 private:
  Status lose(SessionWriter& writer, std::size_t count, SessionTime endTime, const char* cause);

  StreamTotals totals_;
  std::deque<StreamSample> waiting_;
  std::optional<SessionTime> last_;  // archived
};

}  // namespace soleus
