/// What is known of a source's samples and of its losses: /streams/NAME of the session file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pipeline/core/time.h"

namespace soleus {

/// One frame or block as it arrived.
struct StreamSample {
  std::uint64_t sequence = 0;
  DeviceTime device;
  ArrivalTime arrival;
  SessionTime session;
};

/// A stretch of session time in which `count` frames or blocks are missing.
struct Gap {
  double startS = 0;
  double endS = 0;
  std::uint64_t count = 0;
  std::string cause;  ///< one word: overload, source, ...
};

/// What is known of a source's clock from `sessionS` on.
struct ClockState {
  double sessionS = 0;
  double offsetS = 0;       ///< session time less device time
  double driftPpm = 0;      ///< rate of the device clock against the session clock, less one; NaN: unknown
  double uncertaintyS = 0;  ///< 95 % of the errors of a session time are smaller, the constant delay excepted
};

/// The balance: received = written + the sum of all causes, or the session is not whole.
struct StreamTotals {
  std::uint64_t received = 0;
  std::uint64_t written = 0;
  std::map<std::string, std::uint64_t> droppedByCause;
};

}  // namespace soleus
