/// One signal stream of a session: what its source sends becomes samples, gaps, events and a balance.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/core/stream.h"
#include "pipeline/core/time.h"
#include "pipeline/dataset/session_writer.h"
#include "pipeline/signal/signal_reader.h"

namespace soleus {

/// Bytes of a signal source as they arrived.
struct SignalArrival {
  std::string stream;
  std::string bytes;
  SessionTime running;  ///< of the pipeline, at the arrival
  ArrivalTime arrival;  ///< the same moment on the machine's monotonic clock
};

/// Used by one thread. Samples from before session time 0 belong to no session: they are not counted.
class SignalWriter {
 public:
  explicit SignalWriter(SignalSource source);

  /// `origin`: running time of session time 0. Errors of the writer.
  Status write(SessionWriter& writer, const SignalArrival& arrival, SessionTime origin);
  [[nodiscard]] const StreamTotals& totals() const { return totals_; }

 private:
  /// One kind of fault, told at most once in a while.
  struct Told {
    double lastS = -1e9;
    std::uint64_t untold = 0;
  };
  Status writeSample(SessionWriter& writer, const SignalSample& sample, const SignalArrival& arrival,
                     SessionTime origin);
  Status writeLost(SessionWriter& writer, const SignalSample& sample, double timeS);
  Status tell(SessionWriter& writer, Told& told, double timeS, EventKind kind, std::uint64_t count,
              const char* what);

  std::string stream_;
  SignalReader reader_;
  StreamTotals totals_;
  double lastS_ = 0;
  double nextClockS_ = 0;
  std::array<Told, 7> faults_;  // by StampFault
  Told malformed_;
};

}  // namespace soleus
