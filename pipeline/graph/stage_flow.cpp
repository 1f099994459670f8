#include "pipeline/graph/stage_flow.h"

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>

#include <optional>
#include <tuple>

namespace soleus {
namespace {

namespace flow = oneapi::tbb::flow;

using Number = std::uint64_t;
using Pair = std::tuple<Number, Number>;
using Node = flow::function_node<Number, Number>;

int workerThreads(int threads) {
  return threads > 0 ? threads : oneapi::tbb::info::default_concurrency();
}

auto body(void* owner, StageFlow::Stage stage) {
  return [owner, stage](Number n) {
    stage(owner, n);
    return n;
  };
}

/// The nodes in the order of construction; they lie in the arena in which they were made.
struct Nodes {
  Nodes(void* owner, const StageFlow::Stages& stages)
      : input(graph),
        unroll(graph, flow::serial, body(owner, stages.unroll)),
        velocity(graph, flow::unlimited, body(owner, stages.velocity)),
        vessel(graph, flow::unlimited, body(owner, stages.vessel)),
        join(
            graph, [](Number n) { return n; }, [](Number n) { return n; }),
        order(graph, [](const Pair& pair) { return static_cast<std::size_t>(std::get<0>(pair)); }),
        deliver(graph, flow::serial, [owner, stage = stages.deliver](const Pair& pair) {
          stage(owner, std::get<0>(pair));
          return flow::continue_msg();
        }) {
    flow::make_edge(input, unroll);
    flow::make_edge(input, vessel);
    flow::make_edge(unroll, velocity);
    flow::make_edge(velocity, flow::input_port<0>(join));
    flow::make_edge(vessel, flow::input_port<1>(join));
    flow::make_edge(join, order);
    flow::make_edge(order, deliver);
  }

  flow::graph graph;
  flow::broadcast_node<Number> input;
  Node unroll;
  Node velocity;
  Node vessel;
  flow::join_node<Pair, flow::key_matching<Number>> join;
  flow::sequencer_node<Pair> order;
  flow::function_node<Pair, flow::continue_msg> deliver;
};

}  // namespace

class StageFlow::Impl {
 public:
  Impl(void* owner, const Stages& stages, int threads)
      // TBB counts the thread that waits among its threads, but ours waits for room without working: one
      // more.
      : parallelism_(oneapi::tbb::global_control::max_allowed_parallelism,
                     static_cast<std::size_t>(workerThreads(threads)) + 1),
        arena_(workerThreads(threads), /*reserved_for_masters=*/0) {
    arena_.execute([&] { nodes_.emplace(owner, stages); });
  }
  ~Impl() { nodes_->graph.wait_for_all(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void put(Number number) { nodes_->input.try_put(number); }

 private:
  oneapi::tbb::global_control parallelism_;
  oneapi::tbb::task_arena arena_;
  std::optional<Nodes> nodes_;
};

StageFlow::StageFlow(void* owner, const Stages& stages, int threads)
    : impl_(std::make_unique<Impl>(owner, stages, threads)) {}
StageFlow::~StageFlow() = default;

void StageFlow::put(std::uint64_t number) {
  impl_->put(number);
}

}  // namespace soleus
