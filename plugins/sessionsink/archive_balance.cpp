#include "plugins/sessionsink/archive_balance.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "plugins/sessionsink/stream_names.h"

namespace soleus {

Status ArchiveBalance::archived(SessionWriter& writer, SessionTime time, ArrivalTime arrival) {
  const auto reached = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const StreamSample& frame) { return frame.session.ns >= time.ns; });
  if (reached == waiting_.end() || reached->session.ns != time.ns)
    return Error{ErrorKind::kBadInput, kArchiveStream, "a frame that is none of the video's",
                 std::to_string(time.seconds()) + " s", "the time of one, after the last"};
  const auto dropped = static_cast<std::size_t>(std::distance(waiting_.begin(), reached));
  if (const Status lost = lose(writer, dropped, time, kOverloadCause); !lost.ok()) return lost;
  StreamSample sample = waiting_.front();
  waiting_.pop_front();
  sample.arrival = arrival;
  last_ = time;
  ++totals_.received;
  ++totals_.written;
  return writer.append(kArchiveStream, sample);
}

Status ArchiveBalance::end(SessionWriter& writer) {
  return waiting_.empty() ? Status(Done{})
                          : lose(writer, waiting_.size(), waiting_.back().session, kStorageCause);
}

Status ArchiveBalance::lose(SessionWriter& writer, std::size_t count, SessionTime endTime,
                            const char* cause) {
  if (count == 0) return Done{};
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  totals_.received += count;
  totals_.droppedByCause[cause] += count;
  const double startS = last_ ? last_->seconds() : 0.0;
  return writer.append(kArchiveStream, Gap{startS, endTime.seconds(), count, cause});
}

}  // namespace soleus
