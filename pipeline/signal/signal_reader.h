/// From the bytes of a measuring board to samples with times, and what is missing between them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/clock/source_clock.h"
#include "pipeline/core/signal.h"
#include "pipeline/core/time.h"
#include "pipeline/signal/signal_batch.h"
#include "pipeline/signal/signal_line.h"

namespace soleus {

/// Reads one board's stream: lines may be cut anywhere between two calls. Not thread-safe, no clock read.
class SignalReader {
 public:
  explicit SignalReader(SignalSource source);

  /// `arrival`: of the last byte.
  SignalBatch push(std::string_view bytes, ArrivalTime arrival);
  [[nodiscard]] const SourceClock& clock() const { return clock_; }

 private:
  /// By how much the counter may go on within this time.
  [[nodiscard]] double mostCounted(double passedS) const;
  [[nodiscard]] std::int64_t passedUs(std::uint64_t timeUs, ArrivalTime arrival) const;
  [[nodiscard]] bool explained(std::uint32_t forward, std::int64_t passedUs, ArrivalTime arrival) const;
  void readLine(std::string_view text, ArrivalTime arrival, SignalBatch& batch);
  bool scale(SignalLine& line) const;
  void number(SignalLine line, ArrivalTime arrival, SignalBatch& batch);

  SignalSource source_;
  SourceClock clock_;
  std::string rest_;  // of a line whose end has not come
  bool first_ = true;
  bool skipsLine_ = false;  // too long a line is not over
  std::uint32_t counter_ = 0;
  std::uint64_t timeUs_ = 0;
  ArrivalTime arrival_;  // of the last line
  std::uint64_t sequence_ = 0;
  std::int64_t deviceNs_ = 0;
  std::uint64_t malformed_ = 0;  // since the last sample
  double usualUs_ = 0;           // between two lines
  bool latePush_ = false;        // this one
  int latePushesInARow_ = 0;
  std::optional<std::uint32_t> oddCounter_;  // of the last line, if nothing explained it
};

}  // namespace soleus
