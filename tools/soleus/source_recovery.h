/// Waits for a live source that was lost in mid-recording, and connects it again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// What to do when a source is lost. Without `connect` it has failed at once.
struct RecoveryOptions {
  /// Puts the source into the running pipeline anew, in place of what is left of it.
  std::function<Status()> connect;
  double waitS = 0;  ///< how long to wait for its next frame
};

/// Asked once a poll interval on the thread that runs the pipeline.
class SourceRecovery {
 public:
  SourceRecovery(RecoveryOptions options, std::string sourceName)
      : options_(std::move(options)), sourceName_(std::move(sourceName)) {}

  /// The source has failed, or an attempt to connect it; `frames` have come so far. False if there is nothing
  /// to wait for: the recording is over.
  bool wait(const Error& why, std::uint64_t frames);
  [[nodiscard]] bool waiting() const { return lost_.has_value(); }
  /// Tells whether its frames come again, connects it once more where that is due, and gives the error with
  /// which it was lost when it has been waited for too long.
  std::optional<Error> look(std::uint64_t frames);
  /// For how long it has been lost, s.
  [[nodiscard]] double lostS() const;
  /// The error with which it was lost.
  [[nodiscard]] const Error& why() const { return why_; }

 private:
  using Clock = std::chrono::steady_clock;
  RecoveryOptions options_;
  std::string sourceName_;
  std::optional<Clock::time_point> lost_;
  Clock::time_point lastTry_;
  std::uint64_t framesBefore_ = 0;  // the last try
  bool tried_ = false;
  bool tryFailed_ = false;
  Error why_;
};

}  // namespace soleus
