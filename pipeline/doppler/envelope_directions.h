/// The envelope of both directions of one spectral column at once.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {

/// The velocity axis parted at the baseline: what every column of a recording has in common.
struct DirectionAxis {
  int size = 0;           ///< V, rows of the whole axis
  int firstForward = 0;   ///< first index clear of the baseline on the positive side; size if there is none
  int lastReverse = -1;   ///< first index clear of it on the negative side; -1 if there is none
  int firstWhole = 0;     ///< first index whose power the wall filter leaves whole, positive side; else size
  int lastWhole = -1;     ///< the same of the negative side; -1 if there is none
  double zeroIndex = 0;   ///< continuous index of zero velocity: index i covers [i, i + 1)
  double stepCmPerS = 1;  ///< cm/s from one index to the next
  double wallFilterRows = 0;  ///< rows from zero to the corner of the wall filter; 0 where it is not known
  double wholeRows = 0;       ///< rows from zero beyond which power is shown whole
  double windowRows = 0;      ///< frequency resolution of the spectral window in rows
  int wrapRows = 0;     ///< rows of twice the Nyquist velocity, after which the axis repeats; 0 if not known
  int leakageRows = 0;  ///< rows beyond zero into which the spectral window smears the other direction
};

/// Splits the axis. Rows within the wall filter or the painted baseline belong to neither side.
DirectionAxis directionAxis(const DopplerCalibration& calibration);

/// Half-open range [begin, end) of indices of the ascending axis whose power belongs to the signal.
struct IndexRange {
  int begin = 0;
  int end = 0;
};

/// The envelope of one column.
struct ColumnEnvelope {
  bool forward = false;  ///< the forward direction carries signal
  bool reverse = false;
  double forwardCmPerS = 0;    ///< >= 0; 0 without signal
  double reverseCmPerS = 0;    ///< <= 0; 0 without signal
  double forwardVariance = 0;  ///< of the two, in (cm/s)^2; NaN where the estimator tells none
  double reverseVariance = 0;
  double forwardMeanShare = 0.5;  ///< mean over maximum velocity of the profile that the band looks like
  double reverseMeanShare = 0.5;
  IndexRange forwardRange;  ///< empty without signal
  IndexRange reverseRange;
  bool aliased = false;     ///< signal reaches an end of the axis
  bool unresolved = false;  ///< so far that its velocity cannot be told
};

/// The envelopes of all columns of `power` (CV_32F, a row for each column, length axis.size, ascending, not
/// smoothed). `noise` > 0 per row.
std::vector<ColumnEnvelope> traceEnvelopes(const cv::Mat& power, double noise, double looksPerColumn,
                                           double secondsPerColumn, const DirectionAxis& axis,
                                           const EnvelopeEstimator& estimator);

}  // namespace soleus
