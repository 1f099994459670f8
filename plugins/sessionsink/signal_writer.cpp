#include "plugins/sessionsink/signal_writer.h"

#include <utility>

namespace soleus {
namespace {

// How often the clock's model is kept: its offset is then known to some microseconds in between.
constexpr double kClockEveryS = 10;
// A board that is out of order for minutes says so six times a minute, not a thousand times a second.
constexpr double kTellEveryS = 10;

const char* faultText(StampFault fault) {
  switch (fault) {
    case StampFault::kNone:
      return "";
    case StampFault::kDoubled:
      return "time stamp of the sample before; its count was used";
    case StampFault::kBackward:
      return "time stamp earlier than the one before; its count was used";
    case StampFault::kOdd:
      return "time stamp that does not fit the count; the count was used";
    case StampFault::kStep:
      return "its clock was set; times go on by the count";
    case StampFault::kGap:
      return "time passed for which it counted no samples";
    case StampFault::kRestart:
      return "it began to count anew; times go on by the arrivals";
  }
  return "";
}

}  // namespace

SignalWriter::SignalWriter(SignalSource source) : stream_(source.stream), reader_(std::move(source)) {}

Status SignalWriter::tell(SessionWriter& writer, Told& told, double timeS, EventKind kind,
                          std::uint64_t count, const char* what) {
  told.untold += count;
  if (timeS < told.lastS + kTellEveryS) return Done{};
  told.lastS = timeS;
  const std::uint64_t times = std::exchange(told.untold, 0);
  std::string label = "Signals of " + stream_ + ": " + what;
  if (times > 1) label += " (" + std::to_string(times) + " times)";
  return writer.append(Event{SessionTime::fromSeconds(timeS), kind, label});
}

Status SignalWriter::writeLost(SessionWriter& writer, const SignalSample& sample, double timeS) {
  const std::pair<const char*, std::uint64_t> losses[] = {{kMalformedCause, sample.malformed},
                                                          {kLostCause, sample.lost - sample.malformed}};
  for (const auto& [cause, count] : losses) {
    if (count == 0) continue;
    totals_.received += count;
    totals_.droppedByCause[cause] += count;
    if (const Status gap = writer.append(stream_, Gap{lastS_, timeS, count, cause}); !gap.ok()) return gap;
  }
  return Done{};
}

Status SignalWriter::writeSample(SessionWriter& writer, const SignalSample& sample,
                                 const SignalArrival& arrival, SessionTime origin) {
  const SessionTime time{sample.taken.ns - origin.ns};
  if (time.ns < 0) return Done{};
  const double timeS = time.seconds();
  // What was lost before the first sample was lost before the session, for all that is known.
  if (totals_.written > 0) {
    if (const Status lost = writeLost(writer, sample, timeS); !lost.ok()) return lost;
  }
  if (sample.fault != StampFault::kNone) {
    const EventKind kind = sample.fault == StampFault::kGap ? EventKind::kGap : EventKind::kFault;
    const Status told = tell(writer, faults_[static_cast<std::size_t>(sample.fault)], timeS, kind, 1,
                             faultText(sample.fault));
    if (!told.ok()) return told;
  }
  const StreamSample stamps{sample.sequence, sample.device, arrival.arrival, time};
  if (const Status kept = writer.append(stream_, stamps, sample.values); !kept.ok()) return kept;
  ++totals_.received;
  ++totals_.written;
  lastS_ = timeS;
  if (timeS < nextClockS_ || totals_.written == 1) return Done{};
  nextClockS_ = timeS + kClockEveryS;
  const SourceClock& clock = reader_.clock();
  const double offsetS = static_cast<double>(time.ns - sample.device.ns) * 1e-9;
  return writer.append(stream_, ClockState{timeS, offsetS, clock.driftPpm(), clock.uncertaintyS()});
}

Status SignalWriter::write(SessionWriter& writer, const SignalArrival& arrival, SessionTime origin) {
  const SignalBatch batch = reader_.push(arrival.bytes, ArrivalTime{arrival.running.ns});
  const double nowS = static_cast<double>(arrival.running.ns - origin.ns) * 1e-9;
  if (nowS >= 0) {
    totals_.received += batch.duplicates;
    totals_.droppedByCause[kDuplicateCause] += batch.duplicates;
    if (batch.malformed > 0) {
      const Status told =
          tell(writer, malformed_, nowS, EventKind::kFault, batch.malformed, "a line that cannot be read");
      if (!told.ok()) return told;
    }
  }
  for (const SignalSample& sample : batch.samples) {
    if (const Status kept = writeSample(writer, sample, arrival, origin); !kept.ok()) return kept;
  }
  return Done{};
}

}  // namespace soleus
