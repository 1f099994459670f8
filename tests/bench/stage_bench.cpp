/// What one 720p frame costs in each stage, on one core.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <memory>
#include <opencv2/core/utility.hpp>
#include <optional>
#include <vector>

#include "calibration/phantom/phantom.h"
#include "pipeline/core/measurement_codec.h"
#include "pipeline/doppler/measure_columns.h"
#include "pipeline/doppler/unroller.h"
#include "pipeline/graph/measurement_graph.h"
#include "pipeline/vessel/lumen.h"

namespace {

using namespace soleus;

// Enough frames for the unrolling to settle; they are replayed with later stamps.
constexpr int kFrames = 240;
constexpr std::int64_t kFrameNs = 33'333'333;

/// Luma regions of the scroll scenario, drawn once. Limited range is left as it is: it doesn't change the
/// cost.
struct Recording {
  CalibrationProfile profile;
  std::vector<Frame> frames;
};

const Recording& recording() {
  static const Recording kRecording = [] {
    Recording r;
    auto phantom = Phantom::load(SOLEUS_SOURCE_DIR "/configs/scenarios/calf_raises.yaml", 1);
    if (!phantom.ok()) {
      std::fprintf(stderr, "%s\n", phantom.error().sentence().c_str());
      std::exit(3);
    }
    r.profile = phantom.value()->profile();
    cv::Mat picture;
    for (int i = 0; i < kFrames; ++i) {
      phantom.value()->render(i, picture);
      const auto cut = [&](const Region& g) {
        return cv::Mat(picture, cv::Rect(g.x, g.y, g.width, g.height)).clone();
      };
      r.frames.push_back({static_cast<std::uint64_t>(i),
                          {i * kFrameNs},
                          cut(r.profile.doppler->region),
                          cut(r.profile.bmode->region)});
    }
    return r;
  }();
  return kRecording;
}

void renderPhantom(benchmark::State& state) {
  auto phantom = Phantom::load(SOLEUS_SOURCE_DIR "/configs/scenarios/calf_raises.yaml", 1);
  cv::Mat picture;
  std::int64_t number = 0;
  for (auto _ : state) phantom.value()->render(number++ % phantom.value()->frameCount(), picture);
}
BENCHMARK(renderPhantom)->Unit(benchmark::kMicrosecond);

/// Frames in an endless row: the picture jumps back at each turn, as a restarted spectrum does.
template <class Use>
void forEachFrame(benchmark::State& state, Use use) {
  const auto& frames = recording().frames;
  std::int64_t n = 0;
  for (auto _ : state) {
    Frame frame = frames[static_cast<std::size_t>(n % kFrames)];
    frame.time = {n++ * kFrameNs};
    use(frame);
  }
}

void unroll(benchmark::State& state) {
  auto unroller = makeUnroller(*recording().profile.doppler);
  forEachFrame(state, [&](const Frame& f) { benchmark::DoNotOptimize(unroller->push(f.doppler, f.time)); });
}
BENCHMARK(unroll)->Unit(benchmark::kMicrosecond);

void measureVelocity(benchmark::State& state) {
  const auto& r = recording();
  auto unroller = makeUnroller(*r.profile.doppler);
  std::vector<StripBlock> blocks;
  for (const auto& f : r.frames) {
    for (auto& block : unroller->push(f.doppler, f.time).blocks) blocks.push_back(std::move(block));
  }
  const MeasureOptions options{estimatorNames()[static_cast<std::size_t>(state.range(0))]};
  state.SetLabel(options.estimator);
  std::size_t i = 0;
  std::size_t columns = 0;
  for (auto _ : state) {
    const StripBlock& block = blocks[i++ % blocks.size()];
    columns += measureColumns(block, *r.profile.doppler, options).size();
  }
  state.counters["columns"] =
      benchmark::Counter(static_cast<double>(columns), benchmark::Counter::kAvgIterations);
}
BENCHMARK(measureVelocity)
    ->DenseRange(0, static_cast<int>(estimatorNames().size()) - 1)
    ->Unit(benchmark::kMicrosecond);

void findLumen(benchmark::State& state) {
  const auto& bmode = *recording().profile.bmode;
  forEachFrame(state,
               [&](const Frame& f) { benchmark::DoNotOptimize(measureLumen(f.bmode, bmode, f.time)); });
}
BENCHMARK(findLumen)->Unit(benchmark::kMicrosecond);

void wholeGraph(benchmark::State& state) {
  MeasurementGraph graph(recording().profile, {static_cast<int>(state.range(0)), 8, {}},
                         [](FrameResult&& result) { benchmark::DoNotOptimize(encodeResult(result)); });
  forEachFrame(state, [&](Frame& f) { graph.push(std::move(f)); });
  graph.drain();
}
BENCHMARK(wholeGraph)->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
  // What a stage costs on one core, as the graph runs it.
  cv::setNumThreads(1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
