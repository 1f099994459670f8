#include "plugins/sessionsink/session_recorder.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <iterator>
#include <sstream>
#include <utility>

namespace soleus {
namespace {

// Arrivals that may wait for a slow disk: some ten seconds of video and its measurements.
constexpr std::size_t kQueueLimit = 600;
// The writer is woken for this many arrivals, or looks after a moment: to wake it for each of two a frame
// costs as much as writing them.
constexpr std::size_t kWorthWaking = 32;
constexpr std::chrono::milliseconds kLookAfter{8};
// What a crash may cost at most, besides the queue.
constexpr std::chrono::seconds kFlushInterval{1};
// How soon a reader that follows sees what was written, and what a kill may cost besides.
constexpr std::chrono::milliseconds kPublishInterval{15};
// Longer than a network or a scanner that is busy holds frames up.
constexpr double kSilentS = 1;
// Of a frame's distance from the one before, in their mean.
constexpr double kStepWeight = 0.02;

}  // namespace

Result<std::unique_ptr<SessionRecorder>> SessionRecorder::start(const std::string& path,
                                                                const SessionInfo& info,
                                                                const RecorderOptions& options,
                                                                std::function<void(const Error&)> onError) {
  DiskRoom room(path);
  if (const auto shortage = room.shortage()) return *shortage;
  auto writer = SessionWriter::create(path, info, options.overwrite);
  if (!writer.ok()) return writer.error();
  return std::unique_ptr<SessionRecorder>(
      new SessionRecorder(std::move(writer).value(), std::move(room), info, options, std::move(onError)));
}

SessionRecorder::SessionRecorder(std::unique_ptr<SessionWriter> writer, DiskRoom room,
                                 const SessionInfo& info, const RecorderOptions& options,
                                 std::function<void(const Error&)> onError)
    : writer_(std::move(writer)),
      room_(std::move(room)),
      onError_(std::move(onError)),
      followed_(options.followed),
      origin_(options.origin),
      shared_(options.shared) {
  for (const std::string& name : info.streams) totals_[name] = {};  // one that brings nothing balances too
  videoDelay_ = Span::fromSeconds(info.delay ? info.delay->delayS : 0);
  for (const SignalSource& source : info.signals)
    signals_.emplace(source.stream, SignalWriter(source, videoDelay_));
  signalsAlone_ = std::ranges::all_of(info.streams, [](const auto& name) { return name == kClockStream; });
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "session-writer");
}

SessionRecorder::~SessionRecorder() {
  (void)finish(SessionState::kInterrupted);
}

bool SessionRecorder::put(Arrival arrival) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return queue_.size() < kQueueLimit || failure_ || end_; });
  if (failure_ || end_) return false;
  queue_.push_back(std::move(arrival));
  if (queue_.size() == kWorthWaking) changed_.notify_all();
  return true;
}

bool SessionRecorder::put(SignalArrival arrival) {
  const std::scoped_lock lock(mutex_);
  if (failure_ || end_) return false;
  signalQueue_.push(std::move(arrival));
  return true;
}

Status SessionRecorder::finish(SessionState state) {
  {
    const std::scoped_lock lock(mutex_);
    if (!end_) end_ = state;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  if (failure_) return *failure_;
  return Done{};
}

void SessionRecorder::run() {
  auto nextFlush = std::chrono::steady_clock::now() + kFlushInterval;
  auto nextPublish = nextFlush - kFlushInterval;
  const auto lookAfter = followed_ ? kLookAfter : std::chrono::milliseconds(kFlushInterval);
  std::chrono::nanoseconds longest{0};  // that writing took since the last flush
  for (;;) {
    std::deque<Arrival> batch;
    std::deque<SignalArrival> signals;
    bool ended = false;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, lookAfter, [this] { return queue_.size() >= kWorthWaking || end_; });
      batch.swap(queue_);
      // They wait for the first frame, which says when the session begins.
      if (origin_ || signalsAlone_) signals = signalQueue_.take();
      ended = end_.has_value();
      changed_.notify_all();
    }
    const auto woken = std::chrono::steady_clock::now();
    for (auto& arrival : batch) {
      const Status status = write(arrival);
      if (!status.ok()) return fail(status.error());
    }
    if (ended && batch.empty() && signals.empty()) break;
    if (const Status status = write(signals); !status.ok()) return fail(status.error());
    const auto now = std::chrono::steady_clock::now();
    if (followed_ && now >= nextPublish && now < nextFlush) {
      if (const Status status = writer_->publish(); !status.ok()) return fail(status.error());
      nextPublish = now + kPublishInterval;
    }
    longest = std::max(longest, std::chrono::steady_clock::now() - woken);
    if (now >= nextFlush) {
      const Status status = writer_->flush();
      if (!status.ok()) return fail(status.error());
      const auto flushed = std::chrono::steady_clock::now();
      nextFlush = flushed + kFlushInterval;
      longest = std::max(longest, flushed - woken);
      if (const Status said = tell(host_.look(std::exchange(longest, {}))); !said.ok())
        return fail(said.error());
      if (const auto shortage = room_.shortage()) return endForWantOfRoom(*shortage);
    }
  }
  for (auto& [name, signal] : signals_) {
    if (const Status status = signal.finish(*writer_); !status.ok()) return fail(status.error());
  }
  if (const Status status = archive_.end(*writer_); !status.ok()) return fail(status.error());
  if (const Status said = tell(host_.look(longest)); !said.ok()) return fail(said.error());
  const Status status = writer_->finish(*end_, allTotals());
  if (!status.ok()) fail(status.error());
}

/// Faults that concern no stream, where the recording has got to.
Status SessionRecorder::tell(const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) {
    const Status said =
        writer_->append(Event{lastVideo_.value_or(signalsReached_), EventKind::kFault, sentence});
    if (!said.ok()) return said;
  }
  return Done{};
}

/// All is flushed; what is left of the disk is for the end.
void SessionRecorder::endForWantOfRoom(const Error& shortage) {
  if (const Status said = tell({"The recording ended: " + shortage.what}); !said.ok())
    return fail(said.error());
  fail(shortage);
}

void SessionRecorder::fail(const Error& error) {
  // Where the fault is not in the writing itself, the file is sound and says how it ended; after a storage
  // error this does nothing.
  (void)writer_->finish(SessionState::kInterrupted, allTotals());
  // Said under the lock: once put() refuses a buffer the source complains too, and the first word on the bus
  // counts.
  const std::scoped_lock lock(mutex_);
  failure_ = error;
  queue_.clear();
  onError_(error);
  changed_.notify_all();
}

std::map<std::string, StreamTotals> SessionRecorder::allTotals() const {
  std::map<std::string, StreamTotals> all = totals_;
  for (const auto& [name, signal] : signals_) all[name] = signal.totals();
  if (all.contains(kArchiveStream)) all[kArchiveStream] = archive_.totals();
  return all;
}

SessionTime SessionRecorder::onSessionClock(SessionTime runningTime) {
  if (!origin_) origin_ = runningTime;
  return SessionTime{(runningTime - *origin_).ns};
}

Status SessionRecorder::write(Arrival& arrival) {
  return std::visit([this](auto& a) { return write(a); }, arrival);
}

/// Running time is the shared clock's less a constant, and so is session time: one row says it for the whole
/// session.
Status SessionRecorder::writeSharedClock() {
  if (!shared_) return Done{};
  const SharedClock shared = *std::exchange(shared_, std::nullopt);
  // Session time 0 is when the first frame was taken, before it came.
  const double zeroS = static_cast<double>(shared.baseNs + origin_->ns - videoDelay_.ns) * 1e-9;
  return writer_->append(kClockStream, ClockState{0, -zeroS, 0, shared.uncertaintyS});
}

Status SessionRecorder::write(VideoArrival& arrival) {
  StreamTotals& totals = totals_[kVideoStream];
  arrival.sample.session = onSessionClock(arrival.sample.session);
  totals.received += 1 + arrival.lostBefore;
  ++totals.written;
  if (arrival.lostBefore > 0) {
    totals.droppedByCause[kSourceCause] += arrival.lostBefore;
    const double startS = lastVideo_ ? lastVideo_->seconds() : 0.0;
    const Status gap = writer_->append(
        kVideoStream, Gap{startS, arrival.sample.session.seconds(), arrival.lostBefore, kSourceCause});
    if (!gap.ok()) return gap;
  }
  if (const Status said = writeSilence(arrival); !said.ok()) return said;
  lastVideo_ = arrival.sample.session;
  if (const Status told = writeSharedClock(); !told.ok()) return told;
  if (totals_.contains(kArchiveStream)) archive_.expect(arrival.sample);
  if (const Status said = reached(arrival.sample.session); !said.ok()) return said;
  return writer_->append(kVideoStream, arrival.sample);
}

/// A source that was lost and came back: how many frames it would have sent nobody counted.
Status SessionRecorder::writeSilence(const VideoArrival& arrival) {
  if (!lastVideo_) return Done{};
  const double startS = lastVideo_->seconds();
  const double stepS = arrival.sample.session.seconds() - startS;
  if (stepS < kSilentS || arrival.lostBefore > 0) {
    if (stepS > 0) frameStepS_ = frameStepS_ > 0 ? frameStepS_ + kStepWeight * (stepS - frameStepS_) : stepS;
    return Done{};
  }
  std::ostringstream label;
  label << "Video: no frames for " << std::fixed << std::setprecision(1) << stepS << " s from here";
  if (const Status said = writer_->append(Event{*lastVideo_, EventKind::kGap, label.str()}); !said.ok())
    return said;
  const double missed = frameStepS_ > 0 ? stepS / frameStepS_ - 1 : 1;
  return writer_->append(kVideoStream,
                         Gap{startS, arrival.sample.session.seconds(),
                             static_cast<std::uint64_t>(std::max(1.0, std::round(missed))), kSilentCause});
}

Status SessionRecorder::write(MeasurementArrival& arrival) {
  FrameResult& result = arrival.result;
  if (result.sequence < nextSequence_) {
    return Error{ErrorKind::kBadInput, kMeasurementStream, "results out of order",
                 "that of frame " + std::to_string(result.sequence),
                 "frame " + std::to_string(nextSequence_) + " or later"};
  }
  StreamTotals& totals = totals_[kMeasurementStream];
  const DeviceTime deviceTime{result.frameTime.ns};
  result.frameTime = onSessionClock(result.frameTime);
  for (auto* columns : {&result.columns, &result.ahead}) {
    for (auto& column : *columns) column.time = onSessionClock(column.time);
  }
  for (auto& sample : result.vessel) sample.time = onSessionClock(sample.time);
  for (auto& event : result.events) event.time = onSessionClock(event.time);

  if (const Status lost = writeLost(result.sequence, result.frameTime); !lost.ok()) return lost;
  nextSequence_ = result.sequence;
  if (!result.endOfStream) {
    ++nextSequence_;
    ++totals.received;
    ++totals.written;
    lastMeasured_ = result.frameTime;
    const Status sample = writer_->append(
        kMeasurementStream, StreamSample{result.sequence, deviceTime, arrival.arrival, result.frameTime});
    if (!sample.ok()) return sample;
  }
  return writer_->append(result);
}

Status SessionRecorder::write(LossArrival& arrival) {
  causes_[arrival.sequence] = std::move(arrival.cause);
  return Done{};
}

Status SessionRecorder::write(ArchiveArrival& arrival) {
  return archive_.archived(*writer_, onSessionClock(arrival.running), arrival.arrival);
}

Status SessionRecorder::write(CueArrival& arrival) {
  // The frames of that moment come later by the video's delay, and so does all that has no delay of its own.
  const SessionTime given = onSessionClock(arrival.running) + videoDelay_;
  return writer_->append(Event{given, EventKind::kCue, std::move(arrival.label)});
}

Status SessionRecorder::write(const std::deque<SignalArrival>& arrivals) {
  for (const SignalArrival& arrival : arrivals) {
    const auto found = signals_.find(arrival.stream);
    if (found == signals_.end())
      return Error{ErrorKind::kBadInput, "sessionsink", "signals of an unknown stream", arrival.stream, {}};
    if (const Status status = found->second.write(*writer_, arrival, origin_); !status.ok()) return status;
    if (!signalsBegan_) signalsBegan_ = origin_.value_or(arrival.running);
    signalsReached_ = {(arrival.running - *signalsBegan_).ns};
  }
  return Done{};
}

Status SessionRecorder::reached(SessionTime time) {
  for (auto& [name, signal] : signals_) {
    if (const Status status = signal.reached(*writer_, time.seconds()); !status.ok()) return status;
  }
  return Done{};
}

/// The tracker numbers every frame it receives: those that a result skips were dropped, for overload if
/// nothing else is known.
Status SessionRecorder::writeLost(std::uint64_t endSequence, SessionTime endTime) {
  if (endSequence == nextSequence_) return Done{};
  std::map<std::string, std::uint64_t> byCause;
  const auto known = causes_.lower_bound(endSequence);
  for (auto each = causes_.begin(); each != known; ++each) ++byCause[each->second];
  const auto explained = static_cast<std::uint64_t>(std::distance(causes_.begin(), known));
  causes_.erase(causes_.begin(), known);
  if (const std::uint64_t rest = endSequence - nextSequence_ - explained; rest > 0)
    byCause[kOverloadCause] += rest;

  StreamTotals& totals = totals_[kMeasurementStream];
  const double startS = lastMeasured_ ? lastMeasured_->seconds() : 0.0;
  for (const auto& [cause, count] : byCause) {
    totals.received += count;
    totals.droppedByCause[cause] += count;
    const Status gap = writer_->append(kMeasurementStream, Gap{startS, endTime.seconds(), count, cause});
    if (!gap.ok()) return gap;
  }
  return Done{};
}

}  // namespace soleus
