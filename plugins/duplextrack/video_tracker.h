/// From video buffers to results: what duplextrack does between its pads.
#pragma once

#include <gst/video/video.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"
#include "pipeline/graph/measurement_graph.h"
#include "plugins/common/stream_tracker.h"

namespace soleus {

enum class Overload { kBlock, kDrop };

struct TrackerSettings {
  std::string calibrationPath;  ///< empty: the calibration is the next, or comes with the stream
  std::string calibrationText;  ///< a profile as YAML, in place of a file
  std::string estimator = estimatorNames().front();
  std::string lumenPoint;  ///< near which to look for the lumen, see lumen_point.h; empty: the middle
  int threads = 0;
  int framesInFlight = 8;
  int framesAtOnce = 1;
  bool firstLook = false;
  Overload overload = Overload::kBlock;
};

/// Measures the frames of one video.
class VideoTracker final : public StreamTracker {
 public:
  /// `emit` gets the results in order on a worker thread. Errors: no calibration, one that cannot be read, an
  /// estimator that does not exist, or a lumen's point that lumenStart() refuses. `info`, of the frames to
  /// come, and `counts` must outlive the tracker.
  static Result<std::unique_ptr<VideoTracker>> start(const TrackerSettings& settings,
                                                     const std::optional<std::string>& streamCalibration,
                                                     const GstVideoInfo& info, FrameCounts& counts,
                                                     MeasurementGraph::Sink emit);

  /// Errors also: a picture of another size than the calibration's, looked at for every frame, since caps may
  /// change in mid-stream.
  Result<Outcome> measure(GstBuffer* buffer, const GstSegment& segment) override;
  void drain() override { graph_->drain(); }
  [[nodiscard]] Status finish() override;
  [[nodiscard]] const CalibrationProfile& profile() const override { return profile_; }

 private:
  VideoTracker(CalibrationProfile profile, const TrackerSettings& settings, const GstVideoInfo& info,
               std::optional<cv::Point2d> lumenStart, FrameCounts& counts, MeasurementGraph::Sink emit);
  [[nodiscard]] std::optional<Error> misfit() const;

  const CalibrationProfile profile_;
  const Overload overload_;
  const GstVideoInfo& info_;
  FrameCounts& counts_;
  SessionTime lastAccepted_{-1};
  SessionTime lastReceived_{0};  // the latest, dropped ones included
  bool tinted_ = false;          // see greyOfMap
  std::unique_ptr<MeasurementGraph> graph_;
};

}  // namespace soleus
