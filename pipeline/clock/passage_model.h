/// When does a moving position pass a column? Robust regression of passage times on position and lap.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <limits>
#include <vector>

#include "pipeline/clock/passage.h"

namespace soleus {

/// time = start + position * secondsPerColumn + lap * period, fitted to the last `windowPoints` observations
/// by iteratively reweighted least squares with Tukey's biweight (Beaton and Tukey, Technometrics 1974),
/// started from the median of slopes (Sen, J Am Stat Assoc 1968) so that outliers among the first points do
/// no harm. The lap needs not be a whole number of columns long: its period is measured from the passages of
/// several laps. Not thread-safe; no I/O, no clock.
class PassageModel {
 public:
  /// What the model made of an observation.
  enum class Verdict {
    kLearning,  ///< taken; too few observations to judge
    kAgrees,    ///< taken
    kOutlier,   ///< far from the model: not taken, but remembered in case it is the first of a step
    kStep,      ///< the last observations all left the model and agree among themselves: see restart()
  };

  /// An observation further from the model than `gateColumns` and than `gateS` (jitter of the stamps) is an
  /// outlier; both >= 0. The gate widens with extrapolation().
  PassageModel(std::size_t windowPoints, double gateColumns, double gateS);

  /// Observations in order of time.
  Verdict push(const Passage& passage);
  /// Forgets everything, the observations since the step began excepted: they start the new model.
  void restart();
  /// Forgets everything.
  void reset();
  /// Tells the period found elsewhere, before observations of a second lap are pushed; refined from then on.
  void setPeriodS(double periodS);

  /// Tells that a lap is about `columns` long, with this standard deviation: it steadies the first laps, and
  /// fades as observations come in.
  void expectLapColumns(double columns, double sdColumns);

  /// Whether the functions below have an answer.
  [[nodiscard]] bool known() const { return known_; }
  /// Passage time of a position, in the time base of the observations.
  [[nodiscard]] double timeS(int lap, double position) const;
  /// Position at a time, counted in columns of lap `lap`; beyond its ends it runs on.
  [[nodiscard]] double position(int lap, double timeS) const;
  /// NaN until known.
  [[nodiscard]] double secondsPerColumn() const;
  /// Standard error of secondsPerColumn() as a share of it, as the scatter of the observations has it;
  /// neighbouring ones are taken to err together. NaN until known.
  [[nodiscard]] double secondsPerColumnErrorShare() const;
  /// By how much the pace that most observations have (paceOfMost) differs from secondsPerColumn(), as a
  /// share of it: more than errors where not all are of the same thing. Takes milliseconds. NaN until known.
  [[nodiscard]] double apartShare() const;
  /// NaN until told by setPeriodS.
  [[nodiscard]] double periodS() const { return periodS_; }
  /// Observations that have left the model since the last one that agreed.
  [[nodiscard]] const std::vector<Passage>& outliers() const { return outliers_; }
  /// Adds observations from before all others, in order of time; the model has to be known.
  void addEarlier(const std::vector<Passage>& passages);
  /// Standard error of a lap's length in columns, as the scatter of the observations has it; neighbouring
  /// ones are taken to err together.
  [[nodiscard]] double lapErrorColumns() const;
  /// What was observed turns out to lie `columns` before what is meant: moves all observations and the model
  /// on.
  void shift(double columns);
  /// By how much a prediction for `timeS` is less sure than one within the window: 1, and more the longer the
  /// last observation is past in proportion to what they span.
  [[nodiscard]] double extrapolation(double timeS) const;
  /// Time that the observations in the window span.
  [[nodiscard]] double spanS() const;

 private:
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  [[nodiscard]] double residualS(const Passage& passage) const;
  void start();
  void refine();
  [[nodiscard]] bool outliersAgree() const;

  std::size_t windowPoints_;
  double gateColumns_;
  double gateS_;
  std::deque<Passage> window_;
  std::vector<Passage> outliers_;
  std::vector<double> scratch_;
  double startS_ = 0;
  double secondsPerColumn_ = kUnknown;
  double slopeErrorS_ = kUnknown;
  double periodS_ = kUnknown;
  double scaleS_ = 0;              // robust scatter of the residuals
  double expectedLapColumns_ = 0;  // 0: not told
  double expectedLapSdColumns_ = 0;
  bool known_ = false;
  int sinceRefined_ = 0;
};

}  // namespace soleus
