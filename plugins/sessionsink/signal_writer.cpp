#include "plugins/sessionsink/signal_writer.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "plugins/sessionsink/stream_names.h"

namespace soleus {
namespace {

// How often the clock's model is kept: its offset is then known to some microseconds in between.
constexpr double kClockEveryS = 10;
// A board that is out of order for minutes says so six times a minute, not a thousand times a second.
constexpr double kTellEveryS = 10;
// Longer than a network or a program is held up.
constexpr double kSilentS = 2;

const char* faultText(StampFault fault) {
  switch (fault) {
    case StampFault::kNone:
      return "";
    case StampFault::kDoubled:
      return "time stamp of the sample before, not used";
    case StampFault::kBackward:
      return "time stamp earlier than the one before, not used";
    case StampFault::kOdd:
      return "time stamp that does not fit count and arrival, not used";
    case StampFault::kStep:
      return "its clock was set; times go on";
    case StampFault::kGap:
      return "time passed for which it counted no samples";
    case StampFault::kRestart:
      return "it began to count anew; times go on by the arrivals";
    case StampFault::kPeriod:
      return "";  // sayRate() knows more
  }
  return "";
}

std::variant<SignalReader, SampleReader> readerOf(SignalSource source) {
  if (source.format == SignalFormat::kSamples) return SampleReader(std::move(source));
  return SignalReader(std::move(source));
}

}  // namespace

SignalWriter::SignalWriter(SignalSource source, Span videoDelay)
    : stream_(source.stream),
      configuredRate_(source.samplesPerSecond),
      later_{videoDelay.ns - (source.delay ? Span::fromSeconds(source.delay->delayS).ns : 0)},
      reader_(readerOf(std::move(source))) {
  for (std::size_t n = 0; n < faults_.size(); ++n) faults_[n].what = faultText(static_cast<StampFault>(n));
  faults_[static_cast<std::size_t>(StampFault::kGap)].kind = EventKind::kGap;
  malformed_.what = "a line that cannot be read";
  strangers_.what = "a line without its token";
}

SignalBatch SignalWriter::read(const SignalArrival& arrival) {
  const ArrivalTime at{arrival.running.ns};
  if (auto* samples = std::get_if<SampleReader>(&reader_))
    return samples->push(arrival.bytes, arrival.first, at);
  return std::get<SignalReader>(reader_).push(arrival.bytes, at);
}

const SourceClock& SignalWriter::clock() const {
  return std::visit([](const auto& reader) -> const SourceClock& { return reader.clock(); }, reader_);
}

Status SignalWriter::say(SessionWriter& writer, double timeS, EventKind kind, const std::string& what) {
  return writer.append(Event{SessionTime::fromSeconds(timeS), kind, "Signals of " + stream_ + ": " + what});
}

Status SignalWriter::tell(SessionWriter& writer, Told& told, double timeS, std::uint64_t count) {
  told.untold += count;
  if (told.untold == 0 || timeS < told.nextS) return Done{};
  told.nextS = timeS + kTellEveryS;
  const std::uint64_t times = std::exchange(told.untold, 0);
  return say(writer, timeS, told.kind,
             told.what + (times > 1 ? " (" + std::to_string(times) + " times)" : std::string{}));
}

/// Of what is missing before a sample, the share after session time 0.
Status SignalWriter::writeLost(SessionWriter& writer, const SignalSample& sample, bool overload,
                               double timeS) {
  const double share = lastS_ < 0 ? timeS / (timeS - lastS_) : 1;
  const auto after = [&](std::uint64_t count) {
    return static_cast<std::uint64_t>(std::llround(static_cast<double>(count) * share));
  };
  const std::uint64_t malformed = after(sample.malformed);
  const std::pair<const char*, std::uint64_t> losses[] = {
      {kMalformedCause, malformed}, {overload ? kOverloadCause : kLostCause, after(sample.lost) - malformed}};
  for (const auto& [cause, count] : losses) {
    if (count == 0) continue;
    totals_.received += count;
    totals_.droppedByCause[cause] += count;
    const Status gap = writer.append(stream_, Gap{std::max(0.0, lastS_), timeS, count, cause});
    if (!gap.ok()) return gap;
  }
  return Done{};
}

Status SignalWriter::writeClock(SessionWriter& writer, double timeS, SessionTime origin) {
  nextClockS_ = timeS + kClockEveryS;
  return writer.append(stream_, ClockState{timeS, clock().offsetS() - origin.seconds(), clock().driftPpm(),
                                           clock().uncertaintyS()});
}

Status SignalWriter::writeSample(SessionWriter& writer, const SignalSample& sample,
                                 const SignalArrival& arrival, SessionTime origin) {
  const SessionTime time{sample.taken.ns - origin.ns};
  const double timeS = time.seconds();
  if (time.ns < 0) {
    lastS_ = timeS;
    heard_ = true;
    return Done{};
  }
  if (heard_) {
    const bool overload = arrival.afterOverload;
    if (const Status lost = writeLost(writer, sample, overload, timeS); !lost.ok()) return lost;
  }
  if (std::exchange(silent_, false)) {
    const Status told =
        say(writer, timeS, EventKind::kNote, heard_ ? "samples come again" : "the first samples come");
    if (!told.ok()) return told;
  }
  const bool faulty = sample.fault != StampFault::kNone;
  if (sample.fault == StampFault::kPeriod) {
    if (const Status told = sayRate(writer, timeS); !told.ok()) return told;
  } else if (faulty) {
    const Status told = tell(writer, faults_[static_cast<std::size_t>(sample.fault)], timeS, 1);
    if (!told.ok()) return told;
  }
  const StreamSample stamps{sample.sequence, sample.device, arrival.arrival, time};
  if (const Status kept = writer.append(stream_, stamps, sample.values); !kept.ok()) return kept;
  ++totals_.received;
  ++totals_.written;
  lastS_ = lastHeardS_ = timeS;
  heard_ = true;
  const bool moved = sample.fault == StampFault::kStep || sample.fault == StampFault::kGap ||
                     sample.fault == StampFault::kRestart || sample.fault == StampFault::kPeriod;
  if (totals_.written == 1 || (timeS < nextClockS_ && !moved)) return Done{};
  return writeClock(writer, timeS, origin);
}

Status SignalWriter::sayRate(SessionWriter& writer, double timeS) {
  std::ostringstream text;
  text << "it sends " << std::round(1 / *clock().periodS()) << " samples per second, " << *configuredRate_
       << " are configured; its own rate is used from here, earlier times may be off by a second";
  return say(writer, timeS, EventKind::kFault, text.str());
}

Status SignalWriter::write(SessionWriter& writer, const SignalArrival& arrival,
                           std::optional<SessionTime>& origin) {
  const SignalBatch batch = read(arrival);
  // Where there is no video, the first sample is session time 0.
  if (!origin && !batch.samples.empty()) origin = SessionTime{batch.samples.front().taken.ns} + later_;
  if (!origin) return Done{};
  const SessionTime zero = *origin - later_;  // running time of session time 0, for what came of this source
  const double nowS = static_cast<double>(arrival.running.ns - zero.ns) * 1e-9;
  if (nowS >= 0) {
    totals_.received += batch.duplicates;
    totals_.droppedByCause[kDuplicateCause] += batch.duplicates;
    if (const Status told = tell(writer, malformed_, nowS, batch.malformed); !told.ok()) return told;
    if (const Status told = tell(writer, strangers_, nowS, batch.strangers); !told.ok()) return told;
  }
  for (const SignalSample& sample : batch.samples) {
    if (const Status kept = writeSample(writer, sample, arrival, zero); !kept.ok()) return kept;
  }
  return Done{};
}

Status SignalWriter::reached(SessionWriter& writer, double timeS) {
  if (silent_ || timeS < lastHeardS_ + kSilentS) return Done{};
  silent_ = true;
  return say(writer, lastHeardS_, EventKind::kGap, "no samples come from here");
}

Status SignalWriter::finish(SessionWriter& writer) {
  const auto rest = [&](Told& told) {
    told.nextS = 0;
    return tell(writer, told, std::max(0.0, lastS_), 0);
  };
  for (Told& told : faults_) {
    if (const Status said = rest(told); !said.ok()) return said;
  }
  if (const Status said = rest(malformed_); !said.ok()) return said;
  return rest(strangers_);
}

}  // namespace soleus
