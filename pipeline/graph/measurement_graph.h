/// The stages as a graph: several frames in flight, spectrum and vessel side by side, results in order.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core/types.hpp>
#include <optional>

#include "pipeline/core/calibration.h"
#include "pipeline/core/frame.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"
#include "pipeline/core/time.h"
#include "pipeline/doppler/measure_columns.h"
#include "pipeline/doppler/signal_strip.h"

namespace soleus {

struct GraphOptions {
  int threads = 0;         ///< worker threads, 1 to 64; 0 = as many as the machine has cores
  int framesInFlight = 8;  ///< 1 to 64: bounds memory and the latency that a burst of work can build up
  MeasureOptions measure;
  /// Set where frames bring samples: the profile is then that of signalProfile().
  std::optional<SignalSetup> signal = {};
  /// Handed to the workers together, at most framesInFlight: waking them for each frame costs as much as
  /// measuring its vessel, but the first of several waits for the last.
  int framesAtOnce = 1;
  /// Gives a first look at each column as soon as a frame has shown it (FrameResult::ahead), for who follows
  /// a recording: what is measured in the end waits for an eighth of a second of what follows, and for
  /// others to be measured with. Of pictures alone. Costs about twice the measuring.
  bool firstLook = false;
  /// Near which the lumen is looked for in every frame, in pixels of Frame::bmode; the middle without it.
  std::optional<cv::Point2d> lumenStart = {};
};

/// Measures frames of one source. What comes out depends on the frames alone, never on the number of threads:
/// stages with state run one frame at a time in order, the others are functions of values.
/// push, drain and finish are for one thread at a time; results arrive on a worker thread.
class MeasurementGraph {
 public:
  /// Called with each result in order, never twice at once, on a worker thread. Must not block for long.
  using Sink = std::function<void(FrameResult&&)>;

  MeasurementGraph(const CalibrationProfile& profile, const GraphOptions& options, Sink sink);
  ~MeasurementGraph();  ///< waits for the frames in flight
  MeasurementGraph(const MeasurementGraph&) = delete;
  MeasurementGraph& operator=(const MeasurementGraph&) = delete;

  /// True if push would not have to wait.
  [[nodiscard]] bool hasRoom() const;
  /// Hands over a frame, or keeps it till framesAtOnce have come; waits while framesInFlight are being
  /// measured. The edge's policy is to block: a caller that must not wait asks hasRoom() and counts what it
  /// drops.
  void push(Frame frame);
  /// Waits until every frame pushed has reached the sink.
  void drain();
  /// Drains, then delivers the columns still held back as a last result with endOfStream set,
  /// `framesReceived` as its sequence and `lastFrame`, the time of the last frame received, as its time.
  /// Both count frames that never got here because they were dropped. The graph is then as new.
  void finish(std::uint64_t framesReceived, SessionTime lastFrame);
  /// The first fault inside a stage, if any: a defect of the program, not of the input.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace soleus
