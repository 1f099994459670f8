#include "pipeline/graph/measurement_graph.h"

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <opencv2/core.hpp>
#include <tuple>
#include <utility>

#include "pipeline/doppler/noise_tracker.h"
#include "pipeline/doppler/unroller.h"
#include "pipeline/vessel/flow.h"
#include "pipeline/vessel/lumen.h"

namespace soleus {
namespace {

namespace flow = oneapi::tbb::flow;

/// One frame on its way through the graph. Each stage writes its own members only, so that stages side by
/// side need no lock.
struct Work {
  std::uint64_t ticket = 0;
  bool last = false;
  Frame frame;
  Unrolled unrolled;
  FrameResult result;
  std::vector<VesselSample> vessel;
};
using Ticket = std::shared_ptr<Work>;

int workerThreads(const GraphOptions& options) {
  return options.threads > 0 ? options.threads : oneapi::tbb::info::default_concurrency();
}

}  // namespace

class MeasurementGraph::Impl {
 public:
  Impl(const CalibrationProfile& profile, const GraphOptions& options, Sink sink)
      : profile_(profile),
        options_(options),
        sink_(std::move(sink)),
        // TBB counts the thread that waits among its threads, but ours waits for room without working: one
        // more.
        parallelism_(oneapi::tbb::global_control::max_allowed_parallelism,
                     static_cast<std::size_t>(workerThreads(options)) + 1),
        arena_(workerThreads(options), /*reserved_for_masters=*/0) {
    // OpenCV's own threads would only fight with TBB's for the same cores.
    cv::setNumThreads(1);
    startUnrolling();
    arena_.execute([this] { build(); });
  }

  ~Impl() { graph_->wait_for_all(); }

  [[nodiscard]] bool hasRoom() const {
    const std::scoped_lock lock(mutex_);
    return inFlight_ < options_.framesInFlight;
  }

  void push(const Ticket& work) {
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return inFlight_ < options_.framesInFlight; });
      ++inFlight_;
    }
    work->ticket = nextTicket_++;
    input_->try_put(work);
  }

  void drain() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return inFlight_ == 0; });
  }

  void startUnrolling() {
    if (profile_.doppler) {
      unroller_ = makeUnroller(*profile_.doppler);
      noise_.emplace(*profile_.doppler);
    }
    flowMeter_ = FlowMeter();
  }

  [[nodiscard]] std::optional<Error> failure() const {
    const std::scoped_lock lock(mutex_);
    return failure_;
  }

 private:
  void build() {
    using Pair = std::tuple<Ticket, Ticket>;
    graph_ = std::make_unique<flow::graph>();
    input_ = std::make_unique<flow::broadcast_node<Ticket>>(*graph_);
    unroll_ = std::make_unique<flow::function_node<Ticket, Ticket>>(
        *graph_, flow::serial, [this](const Ticket& w) { return run(w, [this](Work& x) { unroll(x); }); });
    velocity_ = std::make_unique<flow::function_node<Ticket, Ticket>>(
        *graph_, flow::unlimited,
        [this](const Ticket& w) { return run(w, [this](Work& x) { velocity(x); }); });
    vessel_ = std::make_unique<flow::function_node<Ticket, Ticket>>(
        *graph_, flow::unlimited, [this](const Ticket& w) { return run(w, [this](Work& x) { vessel(x); }); });
    const auto ticketOf = [](const Ticket& w) { return w->ticket; };
    join_ = std::make_unique<flow::join_node<Pair, flow::key_matching<std::uint64_t>>>(*graph_, ticketOf,
                                                                                       ticketOf);
    order_ = std::make_unique<flow::sequencer_node<Pair>>(
        *graph_, [](const Pair& pair) { return static_cast<std::size_t>(std::get<0>(pair)->ticket); });
    deliver_ = std::make_unique<flow::function_node<Pair, flow::continue_msg>>(
        *graph_, flow::serial, [this](const Pair& pair) {
          run(std::get<0>(pair), [this](Work& x) { deliver(x); });
          release();
          return flow::continue_msg();
        });
    flow::make_edge(*input_, *unroll_);
    flow::make_edge(*input_, *vessel_);
    flow::make_edge(*unroll_, *velocity_);
    flow::make_edge(*velocity_, flow::input_port<0>(*join_));
    flow::make_edge(*vessel_, flow::input_port<1>(*join_));
    flow::make_edge(*join_, *order_);
    flow::make_edge(*order_, *deliver_);
  }

  /// Runs a stage; exceptions of OpenCV stop here and become the graph's failure.
  template <class Stage>
  Ticket run(const Ticket& work, Stage stage) {
    try {
      stage(*work);
    } catch (const std::exception& e) {
      const std::scoped_lock lock(mutex_);
      if (!failure_) {
        failure_ = Error{ErrorKind::kSource, "measuring frame " + std::to_string(work->frame.sequence),
                         e.what(), "", ""};
      }
    }
    return work;
  }

  void unroll(Work& work) {
    if (!unroller_) return;
    work.unrolled = work.last ? unroller_->flush() : unroller_->push(work.frame.doppler, work.frame.time);
    for (auto& block : work.unrolled.blocks) noise_->follow(block);
  }

  void velocity(Work& work) const {
    for (const auto& block : work.unrolled.blocks) {
      auto columns = measureColumns(block, *profile_.doppler, options_.measure);
      auto& all = work.result.columns;
      all.insert(all.end(), std::make_move_iterator(columns.begin()), std::make_move_iterator(columns.end()));
    }
  }

  void vessel(Work& work) const {
    if (!profile_.bmode || work.last) return;
    work.vessel.push_back(measureLumen(work.frame.bmode, *profile_.bmode, work.frame.time));
  }

  void deliver(Work& work) {
    FrameResult& result = work.result;
    result.sequence = work.frame.sequence;
    result.frameTime = work.frame.time;
    result.endOfStream = work.last;
    result.vessel = std::move(work.vessel);
    result.events = std::move(work.unrolled.events);
    for (const auto& sample : result.vessel) flowMeter_.push(sample);
    for (auto& column : result.columns) {
      column.volumeFlowMlPerMin = flowMeter_.volumeFlowMlPerMin(column.meanCmPerS, column.time);
    }
    sink_(std::move(result));
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
  std::optional<NoiseTracker> noise_;        // likewise
  FlowMeter flowMeter_;                      // used by the serial deliver stage only

  mutable std::mutex mutex_;
  std::condition_variable room_;
  int inFlight_ = 0;
  std::optional<Error> failure_;
  std::uint64_t nextTicket_ = 0;

  oneapi::tbb::global_control parallelism_;
  oneapi::tbb::task_arena arena_;
  std::unique_ptr<flow::graph> graph_;
  std::unique_ptr<flow::broadcast_node<Ticket>> input_;
  std::unique_ptr<flow::function_node<Ticket, Ticket>> unroll_;
  std::unique_ptr<flow::function_node<Ticket, Ticket>> velocity_;
  std::unique_ptr<flow::function_node<Ticket, Ticket>> vessel_;
  std::unique_ptr<flow::join_node<std::tuple<Ticket, Ticket>, flow::key_matching<std::uint64_t>>> join_;
  std::unique_ptr<flow::sequencer_node<std::tuple<Ticket, Ticket>>> order_;
  std::unique_ptr<flow::function_node<std::tuple<Ticket, Ticket>, flow::continue_msg>> deliver_;
};

MeasurementGraph::MeasurementGraph(const CalibrationProfile& profile, const GraphOptions& options, Sink sink)
    : impl_(std::make_unique<Impl>(profile, options, std::move(sink))) {}
MeasurementGraph::~MeasurementGraph() = default;

bool MeasurementGraph::hasRoom() const {
  return impl_->hasRoom();
}

void MeasurementGraph::push(Frame frame) {
  auto work = std::make_shared<Work>();
  work->frame = std::move(frame);
  impl_->push(work);
}

void MeasurementGraph::drain() {
  impl_->drain();
}

void MeasurementGraph::finish(std::uint64_t framesReceived, SessionTime lastFrame) {
  auto work = std::make_shared<Work>();
  work->last = true;
  work->frame.sequence = framesReceived;
  work->frame.time = lastFrame;
  impl_->push(work);
  impl_->drain();
  impl_->startUnrolling();
}

std::optional<Error> MeasurementGraph::failure() const {
  return impl_->failure();
}

}  // namespace soleus
