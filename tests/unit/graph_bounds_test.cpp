// The graph's edges: bounded, in order, draining, and honest about a stage that failed.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/unit/graph_frames.h"

namespace soleus {
namespace {

using namespace std::chrono_literals;
using testing::record;
using testing::Recording;

/// A sink that lets results through only once it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

TEST(GraphBounds, pushWaitsWhileFramesInFlightAreInside) {
  constexpr int kInFlight = 3;
  const Recording recording = record("scroll", 12);
  ASSERT_EQ(recording.frames.size(), 12U);
  Gate gate;
  std::atomic<int> pushed = 0;
  std::vector<std::uint64_t> order;
  MeasurementGraph graph(recording.profile, {2, kInFlight, {}}, [&](FrameResult&& result) {
    gate.pass();
    order.push_back(result.sequence);
  });
  EXPECT_TRUE(graph.hasRoom());
  std::thread source([&] {
    for (const Frame& frame : recording.frames) {
      graph.push(frame);
      ++pushed;
    }
  });
  while (pushed < kInFlight) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(100ms);  // a fourth would have got in by now
  EXPECT_EQ(pushed, kInFlight);
  EXPECT_FALSE(graph.hasRoom());
  gate.open();
  source.join();
  graph.drain();
  EXPECT_TRUE(graph.hasRoom());
  ASSERT_EQ(order.size(), recording.frames.size());
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
}

// Where frames go to the workers in groups, the last group may be small, and room for less than a group must
// not leave push waiting for frames that nobody has begun.
TEST(GraphBounds, framesInGroupsAllComeOut) {
  const Recording recording = record("scroll", 11);
  for (const int framesInFlight : {2, 4, 7}) {
    std::vector<std::uint64_t> order;
    const GraphOptions options{
        .threads = 2, .framesInFlight = framesInFlight, .measure = {}, .framesAtOnce = 4};
    MeasurementGraph graph(recording.profile, options,
                           [&](FrameResult&& result) { order.push_back(result.sequence); });
    for (const Frame& frame : recording.frames) graph.push(frame);
    graph.drain();
    ASSERT_EQ(order.size(), recording.frames.size()) << framesInFlight << " in flight";
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
  }
}

TEST(GraphBounds, ofAGroupNoneBeginsBeforeAllHaveCome) {
  const Recording recording = record("scroll", 8);
  std::atomic<int> results = 0;
  const GraphOptions options{.threads = 2, .framesInFlight = 8, .measure = {}, .framesAtOnce = 4};
  MeasurementGraph graph(recording.profile, options, [&](FrameResult&&) { ++results; });
  for (int i = 0; i < 3; ++i) graph.push(recording.frames[static_cast<std::size_t>(i)]);
  std::this_thread::sleep_for(100ms);  // one would have come out by now
  EXPECT_EQ(results, 0);
  graph.push(recording.frames[3]);
  while (results < 4) std::this_thread::sleep_for(1ms);
}

TEST(GraphBounds, resultsComeInOrderThoughStagesOvertake) {
  const Recording recording = record("sweep", 60);
  std::vector<FrameResult> results;
  std::atomic<int> inSink = 0;
  MeasurementGraph graph(recording.profile, {8, 16, {}}, [&](FrameResult&& result) {
    EXPECT_EQ(++inSink, 1) << "the sink is called once at a time";
    results.push_back(std::move(result));
    --inSink;
  });
  for (const Frame& frame : recording.frames) graph.push(frame);
  graph.finish(60, recording.frames.back().time);
  ASSERT_EQ(results.size(), 61U);
  SessionTime last{-1};
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(results[i].sequence, i);
    EXPECT_EQ(results[i].frameTime, recording.frames[i].time);
    EXPECT_FALSE(results[i].endOfStream);
  }
  for (const FrameResult& result : results) {
    for (const DopplerColumn& column : result.columns) {
      EXPECT_GT(column.time, last);
      last = column.time;
    }
  }
}

TEST(GraphBounds, theEndNamesTheFramesReceivedAndTheTimeOfTheLastOne) {
  const Recording recording = record("scroll", 30);
  std::vector<FrameResult> results;
  MeasurementGraph graph(recording.profile, {2, 4, {}},
                         [&](FrameResult&& result) { results.push_back(std::move(result)); });
  for (const Frame& frame : recording.frames) graph.push(frame);
  constexpr SessionTime kLater{2'000'000'000};
  graph.finish(33, kLater);  // three more had been dropped before they reached the graph
  ASSERT_EQ(results.size(), 31U);
  EXPECT_TRUE(results.back().endOfStream);
  EXPECT_EQ(results.back().sequence, 33U);
  EXPECT_EQ(results.back().frameTime, kLater);
  EXPECT_FALSE(results.back().columns.empty()) << "the unroller holds the newest columns back";
}

TEST(GraphBounds, aGraphWithoutFramesEndsAtOnce) {
  const Recording recording = record("scroll", 1);
  std::vector<FrameResult> results;
  MeasurementGraph graph(recording.profile, {1, 1, {}},
                         [&](FrameResult&& result) { results.push_back(std::move(result)); });
  graph.drain();
  graph.finish(0, {});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_TRUE(results[0].endOfStream);
  EXPECT_TRUE(results[0].columns.empty());
}

TEST(GraphBounds, aFailedStageIsReportedAndNothingHangs) {
  Recording recording = record("scroll", 10);
  // A picture that no caller may pass, so that OpenCV throws within the stage.
  recording.frames[4].bmode = cv::Mat(recording.frames[4].bmode.size(), CV_32FC3);
  int results = 0;
  MeasurementGraph graph(recording.profile, {2, 4, {}}, [&](FrameResult&&) { ++results; });
  EXPECT_FALSE(graph.failure().has_value());
  for (const Frame& frame : recording.frames) graph.push(frame);
  graph.finish(10, {});
  EXPECT_EQ(results, 11);
  const auto failure = graph.failure();
  ASSERT_TRUE(failure.has_value());
  EXPECT_NE(failure->sentence().find("measuring frame 4"), std::string::npos) << failure->sentence();
}

TEST(GraphBounds, aSinkThatThrowsIsAFailureOfItsFrame) {
  const Recording recording = record("scroll", 6);
  MeasurementGraph graph(recording.profile, {2, 2, {}}, [](FrameResult&& result) {
    if (result.sequence == 2) throw std::runtime_error("no room for the result");
  });
  for (const Frame& frame : recording.frames) graph.push(frame);
  graph.finish(6, {});
  const auto failure = graph.failure();
  ASSERT_TRUE(failure.has_value());
  EXPECT_NE(failure->sentence().find("frame 2"), std::string::npos) << failure->sentence();
  EXPECT_NE(failure->sentence().find("no room for the result"), std::string::npos) << failure->sentence();
}

}  // namespace
}  // namespace soleus
