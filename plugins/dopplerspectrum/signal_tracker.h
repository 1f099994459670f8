/// From buffers of sound to results: what dopplerspectrum does between its pads.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <optional>
#include <string>

#include "pipeline/doppler/measure_columns.h"
#include "pipeline/doppler/signal_strip.h"
#include "pipeline/graph/measurement_graph.h"
#include "plugins/common/stream_tracker.h"

namespace soleus {

struct SpectrumSettings {
  std::string calibrationPath;  ///< empty: the calibration comes with the stream
  std::string estimator = estimatorNames().front();
  double windowMs = SignalSetup().windowMs;
  double maxVelocityCmPerS = SignalSetup().maxVelocityCmPerS;
  double sampleRateHz = 0;  ///< where it is no whole number; 0 = that of the caps
  int threads = 0;
  int blocksInFlight = 8;
};

/// Sound as its caps describe it.
struct SoundFormat {
  int rateHz = 0;
  int channels = 0;
  bool operator==(const SoundFormat&) const = default;
};

/// Measures interleaved 32-bit floats of one stream.
class SignalTracker final : public StreamTracker {
 public:
  /// `emit` gets the results in order on a worker thread. Errors: no calibration, one that cannot be read or
  /// without an audio section or for another number of channels, an estimator that does not exist, a
  /// sampling rate that is not that of `format`, rounded, or a window and highest velocity that are
  /// unusable() together. `format`, of the buffers to come, and `counts` must outlive the tracker.
  static Result<std::unique_ptr<SignalTracker>> start(const SpectrumSettings& settings,
                                                      const std::optional<std::string>& streamCalibration,
                                                      const SoundFormat& format, FrameCounts& counts,
                                                      MeasurementGraph::Sink emit);

  /// Errors also: another rate or number of channels than at the beginning.
  Result<Outcome> measure(GstBuffer* buffer, const GstSegment& segment) override;
  void drain() override { graph_->drain(); }
  [[nodiscard]] Status finish() override;
  [[nodiscard]] const CalibrationProfile& profile() const override { return profile_; }

 private:
  SignalTracker(CalibrationProfile profile, const SignalSetup& setup, const SpectrumSettings& settings,
                const SoundFormat& format, FrameCounts& counts, MeasurementGraph::Sink emit);

  const CalibrationProfile profile_;
  const SoundFormat& format_;
  const SoundFormat begunAs_;
  FrameCounts& counts_;
  SessionTime lastAccepted_{-1};
  SessionTime lastReceived_{0};  // the latest, dropped ones included
  std::unique_ptr<MeasurementGraph> graph_;
};

}  // namespace soleus
