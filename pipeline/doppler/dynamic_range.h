/// The dynamic range of a screen's grey map, from the speckle of its noise, where nobody has written it down.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

namespace soleus {

struct DynamicRangeEstimate {
  double db = 0;     ///< from black to white
  double looks = 1;  ///< spectra that the scanner averages into a column: 1, or what the speckle shows
};

/// The power of noise in a spectrum is distributed as that of any sum of random echoes, exponentially where
/// the scanner shows single spectra, as a gamma distribution where it averages them (Goodman, Speckle
/// Phenomena in Optics, 2007, ch. 3). In decibels that has a known width and skewness, whatever the gain: the
/// grey values that they are drawn with tell how many decibels a grey step stands for.
/// `grey`: CV_8U, a row for each column of the strip in order of time, rows of the strip along it; rows that
/// the wall filter darkens left out. Nothing where too little noise is seen: fewer than 128 columns, noise
/// drawn mostly black or white, or grey values that no such distribution gives. On phantoms of 30 to 70 dB
/// within 4 %, on Motion JPEG, whose coder adds to the noise, within 12 %. A scanner that averages grey
/// values, or whose map is curved, shows other noise: up to a third less, or half for a strongly curved map.
std::optional<DynamicRangeEstimate> estimateDynamicRange(const cv::Mat& grey);

}  // namespace soleus
