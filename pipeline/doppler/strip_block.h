/// Consecutive columns of the unrolled Doppler strip, with neighbours on both sides for smoothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/core/time.h"

namespace soleus {

/// N new columns. `grey` also holds `leftContext` columns before and `rightContext` after them.
struct StripBlock {
  cv::Mat grey;          ///< CV_8UC1, region height x (leftContext + N + rightContext), rows as on screen
  int leftContext = 0;   ///< 0 at the start of the recording and after a gap
  int rightContext = 0;  ///< 0 at the end and before a gap
  std::vector<SessionTime> time;      ///< N middles of the columns, strictly increasing, across blocks too
  std::vector<std::uint8_t> quality;  ///< N, QualityFlag bits known from the unrolling
  std::vector<std::uint8_t> unmeasurable;  ///< N or empty; 1: zero, scale or spectrum unknown, no velocity
  int lostAbove = 0;           ///< rows at the top that some columns never showed: noise stands there
  int lostBelow = 0;           ///< likewise at the bottom
  double noiseFloor = 0;       ///< noise power per row known from earlier; 0 = unknown
  double spectralWindowS = 0;  ///< the scanner's window as the noise shows it; 0 = as the calibration has it
};

/// A first look at columns that no complete block has given yet.
struct StripLook {
  /// Of the columns of earlier looks that no block has given since: so many of the first stand, and come
  /// again as they are. `block` takes the place of the others.
  std::size_t kept = 0;
  StripBlock block;  ///< nothing behind its columns; may be empty
};

}  // namespace soleus
