/// The Doppler strip of a screen, frame by frame, unrolled into columns on the session clock.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"
#include "pipeline/doppler/strip_block.h"

namespace soleus {

/// What one frame completed. Columns come out late: when they have moved clear of the strip's writing edge.
struct Unrolled {
  std::vector<StripBlock> blocks;  ///< more than one only where a gap lies between
  std::vector<Event> events;
};

/// State between frames of one strip. One thread at a time; frames in order of time.
class StripUnroller {
 public:
  virtual ~StripUnroller() = default;
  /// `strip`: CV_8UC1 full-range grey of the calibrated region; it may be kept, so that nobody writes to its
  /// pixels any more.
  virtual Unrolled push(const cv::Mat& strip, SessionTime time) = 0;
  /// The columns still held back. The unroller is then as new.
  virtual Unrolled flush() = 0;
  /// What has been seen and is held back, for a first look: after each push() or not at all.
  virtual StripLook ahead() = 0;
  /// Seconds per column measured from the motion; NaN until it is known.
  [[nodiscard]] virtual double secondsPerColumn() const = 0;
  /// Its standard error as a share of it, from how far the motion scatters about an even one; NaN until
  /// known.
  [[nodiscard]] virtual double secondsPerColumnErrorShare() const = 0;
  /// By how much the pace that most of what was observed has differs from secondsPerColumn(), as a share of
  /// it. Takes milliseconds. NaN until known.
  [[nodiscard]] virtual double apartShare() const = 0;
};

/// Columns of context on either side of a block's new columns, where there are that many: as far as the trace
/// of a column looks along time (envelope_edge_fit.cpp), and never fewer than a few.
inline int contextColumns(double secondsPerColumn) {
  constexpr double kContextS = 0.125;
  constexpr int kFewest = 8;
  constexpr int kMost = 64;
  return static_cast<int>(std::clamp(std::ceil(kContextS / secondsPerColumn), 1.0 * kFewest, 1.0 * kMost));
}

/// The unroller for a calibrated strip. The calibration's `display` is where it starts from: a strip that
/// behaves otherwise is unrolled as what it is, and an event says so.
std::unique_ptr<StripUnroller> makeUnroller(const DopplerCalibration& calibration);

/// Sets the velocities and SNR of the columns that the unrolling knows to be unmeasurable to NaN, and leaves
/// the reason as the only one: they are neither aliased nor without signal. Where rows were lost, velocities
/// that reach them are aliased: they reached the edge of the display. `columns`: as measured from the block,
/// in its order.
void leaveOutUnmeasurable(const StripBlock& block, const DopplerCalibration& calibration,
                          std::vector<DopplerColumn>& columns);

}  // namespace soleus
