#include "pipeline/graph/measurement_graph.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <mutex>
#include <opencv2/core.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "pipeline/core/handover.h"
#include "pipeline/doppler/noise_tracker.h"
#include "pipeline/doppler/signal_unroller.h"
#include "pipeline/doppler/unroller.h"
#include "pipeline/graph/stage_flow.h"
#include "pipeline/vessel/flow.h"
#include "pipeline/vessel/lumen.h"
#include "pipeline/vessel/lumen_follower.h"

namespace soleus {
namespace {

/// One frame on its way through the graph. Each stage writes its own members only, so that stages side by
/// side need no lock.
struct Work {
  bool last = false;
  Frame frame;                         // of push
  Unrolled unrolled;                   // of unroll
  StripLook seen;                      // likewise
  std::vector<DopplerColumn> columns;  // of velocity
  std::vector<DopplerColumn> ahead;    // likewise
  std::optional<Lumen> lumen;          // of vessel
};

}  // namespace

class MeasurementGraph::Impl {
 public:
  Impl(const CalibrationProfile& profile, const GraphOptions& options, Sink sink)
      : profile_(profile),
        options_(options),
        sink_(std::move(sink)),
        work_(static_cast<std::size_t>(options.framesInFlight)),
        flow_(this, {call<&Impl::unroll>, call<&Impl::velocity>, call<&Impl::vessel>, call<&Impl::deliver>},
              options.threads) {
    // OpenCV's own threads would only fight with TBB's for the same cores.
    cv::setNumThreads(1);
    startUnrolling();
  }

  ~Impl() { drain(); }

  [[nodiscard]] bool hasRoom() const {
    const std::scoped_lock lock(mutex_);
    return inFlight_ < options_.framesInFlight;
  }

  void push(Frame frame, bool last) {
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return inFlight_ < options_.framesInFlight; });
      ++inFlight_;
    }
    // Frames leave in order, so that the place of the one that left last is free.
    Work& work = workOf(nextNumber_);
    work = Work{last, std::move(frame), {}, {}, {}, {}, {}};
    ++nextNumber_;
    const int together = std::min(options_.framesAtOnce, options_.framesInFlight);
    if (nextNumber_ - nextToStart_ >= static_cast<std::uint64_t>(together)) start();
  }

  void drain() {
    start();
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return inFlight_ == 0; });
  }

  void startUnrolling() {
    if (profile_.doppler) {
      if (options_.signal) {
        signal_ = std::make_unique<SignalUnroller>(*profile_.audio, *options_.signal);
      } else {
        unroller_ = makeUnroller(*profile_.doppler);
      }
      noise_.emplace(*profile_.doppler);
    }
    flowMeter_ = FlowMeter();
    if (profile_.bmode) follower_.emplace(*profile_.bmode);
    assumptionsSaid_ = false;
  }

  [[nodiscard]] std::optional<Error> failure() const {
    const std::scoped_lock lock(mutex_);
    return failure_;
  }

 private:
  /// Sends what was pushed on its way.
  void start() {
    handOver(this);
    while (nextToStart_ < nextNumber_) flow_.put(nextToStart_++);
  }

  /// A stage as the flow calls it; exceptions of OpenCV stop here and become the graph's failure.
  template <void (Impl::*stage)(Work&)>
  static void call(void* owner, std::uint64_t number) {
    takeOver(owner);
    Impl& self = *static_cast<Impl*>(owner);
    Work& work = self.workOf(number);
    try {
      (self.*stage)(work);
    } catch (const std::exception& e) {
      self.fail(work.frame.sequence, e.what());
    }
    if constexpr (stage == &Impl::deliver) self.release();
  }

  Work& workOf(std::uint64_t number) { return work_[number % work_.size()]; }

  void unroll(Work& work) {
    takeOver(&unroller_);
    if (signal_) {
      work.unrolled = work.last ? signal_->flush() : signal_->push(work.frame.samples, work.frame.time);
    } else if (unroller_) {
      work.unrolled = work.last ? unroller_->flush() : unroller_->push(work.frame.doppler, work.frame.time);
    }
    for (auto& block : work.unrolled.blocks) {
      for (Event& event : noise_->follow(block)) work.unrolled.events.push_back(std::move(event));
    }
    if (options_.firstLook && unroller_ && !work.last) {
      work.seen = unroller_->ahead();
      noise_->apply(work.seen.block);
    }
    handOver(&unroller_);
    handOver(&work.unrolled);
  }

  void velocity(Work& work) {
    takeOver(&work.unrolled);
    for (const auto& block : work.unrolled.blocks) {
      auto columns = measured(block);
      work.columns.insert(work.columns.end(), std::make_move_iterator(columns.begin()),
                          std::make_move_iterator(columns.end()));
    }
    if (!work.seen.block.time.empty()) work.ahead = measured(work.seen.block);
    handOver(&work.columns);
  }

  [[nodiscard]] std::vector<DopplerColumn> measured(const StripBlock& block) const {
    auto columns = measureColumns(block, *profile_.doppler, options_.measure);
    leaveOutUnmeasurable(block, *profile_.doppler, columns);
    return columns;
  }

  void vessel(Work& work) {
    if (profile_.bmode && !work.last)
      work.lumen = findLumen(work.frame.bmode, *profile_.bmode, options_.lumenStart);
    handOver(&work.lumen);
  }

  void deliver(Work& work) {
    takeOver(&work.columns);
    takeOver(&work.lumen);
    takeOver(&flowMeter_);
    FrameResult result{work.frame.sequence,   work.frame.time, work.last, std::move(work.columns),
                       std::move(work.ahead), work.seen.kept,  {},        std::move(work.frame.events)};
    auto& events = work.unrolled.events;
    result.events.insert(result.events.end(), std::move_iterator(events.begin()),
                         std::move_iterator(events.end()));
    if (!std::exchange(assumptionsSaid_, true)) sayAssumptions(result);
    if (work.lumen) follow(work, result);
    for (auto* columns : {&result.columns, &result.ahead}) {
      for (auto& column : *columns)
        column.volumeFlowMlPerMin = flowMeter_.volumeFlowMlPerMin(column.meanCmPerS, column.time);
    }
    sink_(std::move(result));
    handOver(&flowMeter_);
  }

  void follow(const Work& work, FrameResult& result) {
    LumenFollower::Followed followed = follower_->push(work.frame.bmode, *work.lumen, work.frame.time);
    flowMeter_.push(followed.sample);
    result.vessel.push_back(followed.sample);
    if (followed.event) result.events.push_back(std::move(*followed.event));
  }

  /// What the profile leaves open is taken at a usual value, and the session says so.
  void sayAssumptions(FrameResult& result) const {
    if (!profile_.doppler) return;
    const bool estimated = profile_.doppler->dynamicRangeEstimated;
    if (profile_.doppler->dynamicRangeDb && !estimated) return;
    std::ostringstream label;
    label << "The profile names no dynamic range: "
          << std::lround(profile_.doppler->dynamicRangeOrAssumedDb())
          << (estimated ? " dB estimated from the speckle of the noise" : " dB assumed")
          << "; mean velocity and SNR depend on it";
    result.events.push_back({result.frameTime, EventKind::kNote, label.str()});
  }

  void fail(std::uint64_t sequence, const char* why) {
    const std::scoped_lock lock(mutex_);
    if (!failure_)
      failure_ = Error{ErrorKind::kSource, "measuring frame " + std::to_string(sequence), why, "", ""};
  }

  void release() {
    const std::scoped_lock lock(mutex_);
    --inFlight_;
    room_.notify_all();
  }

  const CalibrationProfile profile_;
  const GraphOptions options_;
  const Sink sink_;
  std::unique_ptr<StripUnroller> unroller_;  // used by the serial unroll stage only
  std::unique_ptr<SignalUnroller> signal_;   // likewise, in its place
  std::optional<NoiseTracker> noise_;        // likewise
  std::optional<LumenFollower> follower_;    // used by the serial deliver stage only
  FlowMeter flowMeter_;                      // likewise
  bool assumptionsSaid_ = false;             // likewise

  mutable std::mutex mutex_;
  std::condition_variable room_;
  int inFlight_ = 0;
  std::optional<Error> failure_;

  std::uint64_t nextNumber_ = 0;   // of the thread that pushes
  std::uint64_t nextToStart_ = 0;  // likewise
  std::vector<Work> work_;         // a place for each frame in flight
  StageFlow flow_;                 // last: its threads use all of the above
};

MeasurementGraph::MeasurementGraph(const CalibrationProfile& profile, const GraphOptions& options, Sink sink)
    : impl_(std::make_unique<Impl>(profile, options, std::move(sink))) {}
MeasurementGraph::~MeasurementGraph() = default;

bool MeasurementGraph::hasRoom() const {
  return impl_->hasRoom();
}

void MeasurementGraph::push(Frame frame) {
  impl_->push(std::move(frame), /*last=*/false);
}

void MeasurementGraph::drain() {
  impl_->drain();
}

void MeasurementGraph::finish(std::uint64_t framesReceived, SessionTime lastFrame) {
  impl_->push({framesReceived, lastFrame, {}, {}}, /*last=*/true);
  impl_->drain();
  impl_->startUnrolling();
}

std::optional<Error> MeasurementGraph::failure() const {
  return impl_->failure();
}

}  // namespace soleus
