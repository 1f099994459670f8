/// One signal stream of a session: what its source sends becomes samples, gaps, events and a balance.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "pipeline/core/result.h"
#include "pipeline/core/stream.h"
#include "pipeline/core/time.h"
#include "pipeline/dataset/session_writer.h"
#include "pipeline/signal/sample_reader.h"
#include "pipeline/signal/signal_reader.h"
#include "plugins/sessionsink/signal_queue.h"

namespace soleus {

/// Used by one thread. Samples from before session time 0 belong to no session: they are not counted.
class SignalWriter {
 public:
  /// `videoDelay`: session time 0 is that of the first frame, which was taken by so much before it came.
  SignalWriter(SignalSource source, Span videoDelay);

  /// `origin`: running time at which what is taken to be session time 0 came; that of the first sample if it
  /// is not known. Errors of the writer.
  Status write(SessionWriter& writer, const SignalArrival& arrival, std::optional<SessionTime>& origin);
  /// The session has come to `timeS`: says so if nothing has come for some time.
  Status reached(SessionWriter& writer, double timeS);
  /// Says what was not told yet.
  Status finish(SessionWriter& writer);
  [[nodiscard]] const StreamTotals& totals() const { return totals_; }

 private:
  /// One kind of fault, told at most once in a while.
  struct Told {
    const char* what = "";
    EventKind kind = EventKind::kFault;
    double nextS = 0;
    std::uint64_t untold = 0;
  };
  Status writeSample(SessionWriter& writer, const SignalSample& sample, const SignalArrival& arrival,
                     SessionTime origin);
  Status writeLost(SessionWriter& writer, const SignalSample& sample, bool overload, double timeS);
  Status writeClock(SessionWriter& writer, double timeS, SessionTime origin);
  Status tell(SessionWriter& writer, Told& told, double timeS, std::uint64_t count);
  SignalBatch read(const SignalArrival& arrival);
  [[nodiscard]] const SourceClock& clock() const;
  Status sayRate(SessionWriter& writer, double timeS);
  Status say(SessionWriter& writer, double timeS, EventKind kind, const std::string& what);

  std::string stream_;
  std::optional<double> configuredRate_;
  Span later_;  // by the video's delay less its own
  std::variant<SignalReader, SampleReader> reader_;
  StreamTotals totals_;
  double lastS_ = 0;       // on the session clock, < 0 before the session
  bool heard_ = false;     // a sample at all, before the session perhaps
  double lastHeardS_ = 0;  // in the session
  bool silent_ = false;
  double nextClockS_ = 0;
  std::array<Told, 8> faults_;  // by StampFault
  Told malformed_;
  Told strangers_;
};

}  // namespace soleus
