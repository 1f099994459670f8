/// From video buffers to results: what duplextrack does between its pads.
#pragma once

#include <gst/video/video.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"
#include "pipeline/graph/measurement_graph.h"

namespace soleus {

enum class Overload { kBlock, kDrop };

struct TrackerSettings {
  std::string calibrationPath;  ///< empty: the calibration comes with the stream
  std::string estimator = estimatorNames().front();
  int threads = 0;
  int framesInFlight = 8;
  Overload overload = Overload::kBlock;
};

/// Frames of one stream since it started: received = measured + dropped + those in flight. Readable from any
/// thread.
struct FrameCounts {
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> measured{0};
  std::atomic<std::uint64_t> dropped{0};
};

/// Measures the buffers of one stream, from its first frame to its end. One thread at a time.
class VideoTracker {
 public:
  /// What became of a frame. kStale: its time does not come after that of the frame before.
  enum class Outcome { kAccepted, kOutsideSegment, kOverload, kStale };

  /// `emit` gets the results in order on a worker thread. Errors: no calibration, one that cannot be read, or
  /// an estimator that does not exist. `counts` must outlive the tracker.
  static Result<std::unique_ptr<VideoTracker>> start(const TrackerSettings& settings,
                                                     const std::optional<std::string>& streamCalibration,
                                                     FrameCounts& counts, MeasurementGraph::Sink emit);

  /// Hands one frame to the graph; `segment` turns its stamp into running time. Errors: a picture of another
  /// size than the calibration's (looked at for every frame: caps may change in mid-stream), a frame without
  /// a time stamp.
  Result<Outcome> measure(GstBuffer* buffer, const GstVideoInfo& info, const GstSegment& segment);

  void drain() { graph_->drain(); }
  /// Delivers what was held back; the stream is over.
  [[nodiscard]] Status finish();
  [[nodiscard]] const CalibrationProfile& profile() const { return profile_; }

 private:
  VideoTracker(CalibrationProfile profile, const TrackerSettings& settings, FrameCounts& counts,
               MeasurementGraph::Sink emit);
  [[nodiscard]] std::optional<Error> misfit(const GstVideoInfo& info) const;

  const CalibrationProfile profile_;
  const Overload overload_;
  FrameCounts& counts_;
  SessionTime lastAccepted_{-1};
  SessionTime lastReceived_{0};  // the latest, dropped ones included
  std::unique_ptr<MeasurementGraph> graph_;
};

}  // namespace soleus
