/// The thread that writes the session file. All HDF5 work of a recording happens on it.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "pipeline/core/measurement.h"
#include "pipeline/core/stream.h"
#include "pipeline/dataset/session_writer.h"
#include "plugins/sessionsink/archive_balance.h"
#include "plugins/sessionsink/disk_room.h"
#include "plugins/sessionsink/host_watch.h"
#include "plugins/sessionsink/signal_writer.h"
#include "plugins/sessionsink/stream_names.h"

namespace soleus {

/// One frame on the video pad; times still on the pipeline's running time.
struct VideoArrival {
  StreamSample sample;
  std::uint64_t lostBefore = 0;  ///< frames that the source skipped, from its own counter
};

/// One result on the measurement pad, and when it arrived.
struct MeasurementArrival {
  FrameResult result;
  ArrivalTime arrival;
};

/// Why the result of frame `sequence` is going to be missing, where it is not overload.
struct LossArrival {
  std::uint64_t sequence = 0;
  std::string cause;  ///< one word, of those the file was made for
};

/// One frame on its way into the media archive; its running time is that of a frame of the video.
struct ArchiveArrival {
  SessionTime running;
  ArrivalTime arrival;
};

/// A cue, and when it was given.
struct CueArrival {
  SessionTime running;
  std::string label;
};

using Arrival = std::variant<VideoArrival, MeasurementArrival, LossArrival, ArchiveArrival, CueArrival>;

/// The clock that sessions of several machines share.
struct SharedClock {
  std::int64_t baseNs = 0;  ///< its time at running time 0
  double uncertaintyS = 0;  ///< by how much it may be off the clock that it follows
};

struct RecorderOptions {
  bool overwrite = false;
  bool followed = true;               ///< shows within milliseconds what was written, not only once a second
  std::optional<SessionTime> origin;  ///< running time of session time 0; without it the first sample's
  std::optional<SharedClock> shared;
};

/// Bounded queue and writer thread of one session file. put() and finish() may be called from any thread.
class SessionRecorder {
 public:
  /// Creates the file (errors of SessionWriter::create and of DiskRoom) and starts the thread. `onError` is
  /// called once, on the writer's thread, when writing fails. `origin`: running time of session time 0; by
  /// itself the first sample's.
  static Result<std::unique_ptr<SessionRecorder>> start(const std::string& path, const SessionInfo& info,
                                                        const RecorderOptions& options,
                                                        std::function<void(const Error&)> onError);
  ~SessionRecorder();  ///< finishes as kInterrupted if finish() was not called
  SessionRecorder(const SessionRecorder&) = delete;
  SessionRecorder& operator=(const SessionRecorder&) = delete;

  /// Queues an arrival; waits while the queue is full. False once writing has failed.
  bool put(Arrival arrival);
  /// The same of signals, without waiting: see SignalQueue.
  bool put(SignalArrival arrival);
  /// Writes what is queued, closes the file with this status and waits for that. Later calls do nothing.
  Status finish(SessionState state);

 private:
  SessionRecorder(std::unique_ptr<SessionWriter> writer, DiskRoom room, const SessionInfo& info,
                  const RecorderOptions& options, std::function<void(const Error&)> onError);
  void run();
  Status write(Arrival& arrival);
  Status write(VideoArrival& arrival);
  Status writeSilence(const VideoArrival& arrival);
  Status write(MeasurementArrival& arrival);
  Status write(LossArrival& arrival);
  Status write(ArchiveArrival& arrival);
  Status write(CueArrival& arrival);
  Status write(const std::deque<SignalArrival>& arrivals);
  Status reached(SessionTime time);
  [[nodiscard]] std::map<std::string, StreamTotals> allTotals() const;
  Status writeLost(std::uint64_t endSequence, SessionTime endTime);
  Status writeSharedClock();
  SessionTime onSessionClock(SessionTime runningTime);
  Status tell(const std::vector<std::string>& sentences);
  void endForWantOfRoom(const Error& shortage);
  void fail(const Error& error);

  std::unique_ptr<SessionWriter> writer_;  // the thread's alone while it runs
  DiskRoom room_;                          // the thread's
  HostWatch host_;                         // the thread's
  std::function<void(const Error&)> onError_;
  std::map<std::string, StreamTotals> totals_;  // the thread's
  const bool followed_;
  std::optional<SessionTime> origin_;            // the thread's: running time of session time 0
  std::optional<SharedClock> shared_;            // the thread's: until it is written
  std::optional<SessionTime> lastVideo_;         // the thread's, on the session clock
  double frameStepS_ = 0;                        // the thread's: mean time between two frames of the video
  std::optional<SessionTime> lastMeasured_;      // likewise
  std::uint64_t nextSequence_ = 0;               // the thread's: of the measurement stream
  ArchiveBalance archive_;                       // the thread's
  Span videoDelay_;                              // the thread's: as measured
  std::map<std::string, SignalWriter> signals_;  // the thread's
  std::optional<SessionTime> signalsBegan_;      // the thread's: running time of their session time 0
  SessionTime signalsReached_;                   // the thread's
  bool signalsAlone_ = false;                    // the first of them is session time 0
  std::map<std::uint64_t, std::string> causes_;  // the thread's: of frames known to be missing

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Arrival> queue_;
  SignalQueue signalQueue_;
  std::optional<SessionState> end_;
  std::optional<Error> failure_;
  std::thread thread_;
};

}  // namespace soleus
