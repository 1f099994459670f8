/// The maximum-velocity estimators behind one interface: each finds where the spectrum of one direction ends.
#pragma once

#include <limits>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/doppler/power.h"

namespace soleus {

/// One direction of a smoothed spectrum, from zero velocity outward.
struct DirectionSpectrum {
  std::span<const float> power;  ///< [0] is the first row clear of baseline and wall filter
  double noise = 0;              ///< mean noise power per row, > 0
  double looks = 1;              ///< independent speckle samples in each value
  double windowRows = 0;  ///< frequency resolution of the spectral window (1 / its length) in rows, > 0
  double hiddenRows = 0;  ///< rows between zero velocity and the beginning of power[0]
};

/// The rows that carry signal. Row i covers [i, i + 1).
struct SignalBand {
  double inner = 0;  ///< continuous row where it begins
  double outer = 0;  ///< continuous row of the maximum velocity; the axis' end where it reaches that, and
                     ///< below zero where all flow is slower than what is hidden
  bool reachesEnd = false;  ///< it ends at the end of all rows, not by itself
  double outerVariance = std::numeric_limits<double>::quiet_NaN();  ///< of outer, in rows squared; NaN where
                                                                    ///< the estimator tells none
  double meanShare = 0.5;  ///< mean over maximum velocity of the profile; a parabola's where none is told
};

/// One direction of consecutive columns, from zero velocity outward.
struct DirectionStrip {
  cv::Mat power;           ///< CV_32F, a row for each column, as read off the strip: not smoothed
  SmoothColumns smooth;    ///< its rows [0, turnRows), averaged over time
  int ownRows = 0;         ///< of it before the axis ends; faster flow wraps around to the rows behind them
  int turnRows = 0;        ///< of it before what is hidden around zero, where a turn of the axis is complete
  int againRows = 0;       ///< where own ones begin again, what is hidden being bridged; 0 if they do not
  std::vector<bool> fast;  ///< for each column: flow of this direction goes on behind its own rows
  double noise = 0;        ///< mean noise power per row, > 0
  double looksPerColumn = 1;    ///< independent speckle samples that each further column adds, <= 1
  double secondsPerColumn = 0;  ///< > 0
  double windowRows = 0;        ///< as in DirectionSpectrum
  double hiddenRows = 0;        ///< likewise
  double wallFilterRows = 0;    ///< from zero velocity to the corner of the wall filter; 0 without
};

/// A pure function with a name; any thread.
class EnvelopeEstimator {
 public:
  virtual ~EnvelopeEstimator() = default;
  /// For each column the band of signal, or nothing where there is only noise.
  [[nodiscard]] virtual std::vector<std::optional<SignalBand>> trace(const DirectionStrip& strip) const = 0;
};

/// An estimator that looks at one column at a time, averaged with its neighbours.
class ColumnEstimator : public EnvelopeEstimator {
 public:
  [[nodiscard]] std::vector<std::optional<SignalBand>> trace(const DirectionStrip& strip) const override;
  [[nodiscard]] virtual std::optional<SignalBand> find(const DirectionSpectrum& spectrum) const = 0;
};

/// The half-power point of the falling edge (Vilkomerson, Ricci and Tortoli, IEEE Trans. Ultrason.
/// Ferroelectr. Freq. Control 2011), with the shift that a blunt profile and the spectral window cause taken
/// back.
std::unique_ptr<ColumnEstimator> makeHalfPowerEstimator();

/// Modified threshold crossing (Cloutier et al.): the highest row of a run of rows above eta times the noise.
std::unique_ptr<EnvelopeEstimator> makeThresholdEstimator();

/// Maximum likelihood of the edge in columns aligned along the trace (edge_fit.h), started from the
/// half-power points: the default.
std::unique_ptr<EnvelopeEstimator> makeEdgeFitEstimator();

/// The velocity below which 95 % of the power above the noise lies: a classical, simple measure.
std::unique_ptr<ColumnEstimator> makePercentileEstimator();

/// Modified geometric method (Marasek and Nowicki): the greatest distance between the cumulative power and
/// its chord; modified: the chord begins at the spectral peak, not at zero.
std::unique_ptr<ColumnEstimator> makeGeometricEstimator();

/// Signal-noise slope intersection (Kathpalia et al., IEEE Trans. Ultrason. Ferroelectr. Freq. Control 2016):
/// where straight lines through the signal and the noise part of the cumulative power meet.
std::unique_ptr<ColumnEstimator> makeSlopeIntersectionEstimator();

/// Dynamic programming over the columns: the path with the greatest fall of power across it and the least
/// squared steps (textbook shortest path; Bellman's recursion).
std::unique_ptr<EnvelopeEstimator> makeDynamicProgrammingEstimator();

}  // namespace soleus
