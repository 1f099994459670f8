/// The Doppler strip of the screen at a moment, as sweep or scroll.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>

#include "calibration/phantom/column_spectrum.h"
#include "calibration/phantom/doppler_signal.h"

namespace soleus {

/// Column k covers the session time [k dt, (k + 1) dt), dt = seconds per column, and its window is centred on
/// the middle, as if the scanner made up for its own delay. At time t exactly the columns with
/// (k + 1) dt <= t are shown. Scroll: the newest at the right edge, moving by whole pixels. Sweep: column k
/// at x = (k + start phase) mod width, the erase gap black ahead of it. Columns with k < 0 are the rest
/// before the session, drawn if the scenario is prefilled; otherwise the strip begins black.
/// The scenario's display faults are done here, all but the colour and the doubled frames.
class DopplerStrip {
 public:
  /// `haemodynamics` is borrowed for life.
  DopplerStrip(const Scenario& scenario, const Haemodynamics& haemodynamics, std::uint64_t seed);

  /// Draws what the strip shows at `timeS` into `luma`, CV_8UC1 of the region's size, limited range. Times in
  /// ascending order.
  void draw(double timeS, cv::Mat luma);
  /// Row of the region that carries velocity zero at `timeS`.
  [[nodiscard]] int baselineRow(double timeS) const;

 private:
  void writeColumn(std::int64_t k);
  void advance(std::int64_t k);
  void applyScale(double timeS, cv::Mat luma) const;
  [[nodiscard]] int place(std::int64_t k) const;

  Scenario scenario_;
  DopplerCalibration calibration_;
  ColumnSpectrum spectrum_;
  std::int64_t nextColumn_;
  std::int64_t skipped_ = 0;  // columns that a standing spectrum left out, or by which a restart moved it
  bool restarted_ = false;
  DopplerSignal signal_;
  cv::Mat
      canvas_;  // sweep: the strip; scroll: a ring drawn twice side by side, so that any turn of it is a view
};

}  // namespace soleus
