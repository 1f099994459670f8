/// From the strip's grey values back to Doppler power, and its smoothing before an envelope is sought.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/doppler/strip_block.h"

namespace soleus {

/// Power of each grey value of a linear map of `dynamicRangeDb` dB, relative to full white:
/// S = 10^((DR * g / 255 - DR) / 10).
std::array<float, 256> powerOfGrey(double dynamicRangeDb);

/// Length of the spectral window in seconds: the calibration's where it is known. No screen shows a
/// scanner's: that is taken as the usual 10 ms, or 32 pulses where the profile knows a pulse repetition
/// frequency at which that is longer.
double spectralWindowS(const DopplerCalibration& calibration);

/// Power of all columns of the block, context included: CV_32F, a row for each column, V values along the
/// ascending velocity axis.
cv::Mat powerColumns(const StripBlock& block, const DopplerCalibration& calibration);

/// Weights of one side of the temporal smoothing (a Gaussian of 12 ms): [0] the column itself, then one for
/// each column of distance. Not normalised: the window is cut where the context ends.
std::vector<float> temporalWeights(double secondsPerColumn);

/// A spectrum averaged over time.
struct SmoothColumn {
  std::vector<float> power;  ///< length V, ascending velocity
  double looks = 1;  ///< independent speckle samples averaged, >= 1: the relative variance is 1 / looks
};

/// The power around column `column`, averaged over time with the weights. `looksPerColumn`: independent
/// speckle samples that each further column adds, at most 1 (columns of overlapping windows share their
/// speckle).
SmoothColumn smoothedColumn(const cv::Mat& power, int column, const std::vector<float>& weights,
                            double looksPerColumn);

/// All columns of a strip, averaged over time.
struct SmoothColumns {
  cv::Mat power;              ///< CV_32F, a row for each column
  std::vector<double> looks;  ///< of each, as in SmoothColumn
};

/// Every column of `power` as smoothedColumn() gives it.
SmoothColumns smoothedColumns(const cv::Mat& power, const std::vector<float>& weights, double looksPerColumn);

/// That number for the columns of a calibrated strip.
double looksPerColumn(const DopplerCalibration& calibration);

}  // namespace soleus
