/// Samples of a signal source with their times, and what is missing between them.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/clock/source_clock.h"
#include "pipeline/core/time.h"

namespace soleus {

/// Why samples of a board are missing: its counter went on, a line could not be read. A line that came twice
/// or after a later one is dropped; in the latter case it has been counted as missing before.
inline constexpr const char* kLostCause = "source";
inline constexpr const char* kMalformedCause = "malformed";
inline constexpr const char* kDuplicateCause = "duplicate";

struct SignalSample {
  std::uint64_t sequence = 0;  ///< the board's counter without its wraps; goes on by one where it begins anew
  DeviceTime device;
  bool anew = false;            ///< the board began to count anew with it
  ArrivalTime taken;            ///< by the source's clock, see ClockReading
  std::vector<double> values;   ///< in the channels' units
  std::uint64_t lost = 0;       ///< before it, by the board's counter
  std::uint64_t malformed = 0;  ///< of those, lines that could not be read
  StampFault fault = StampFault::kNone;
};

/// What some bytes brought.
struct SignalBatch {
  std::vector<SignalSample> samples;
  std::uint64_t duplicates = 0;
  std::uint64_t malformed = 0;  ///< lines that could not be read
  std::uint64_t strangers = 0;  ///< lines without the token
};

}  // namespace soleus
