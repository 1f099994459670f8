/// Flow faster than the axis shows: which way it goes.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/doppler/envelope_directions.h"

namespace soleus {

/// Which way flow goes that is faster than the Nyquist velocity.
enum class FastFlow {
  kNone,     ///< all power lies within the axis
  kForward,  ///< forward flow goes on at the far end of the reverse side
  kReverse
};

/// For each column. `up` and `down`: both directions from zero outward (a row for each column, averaged over
/// time), each followed by the other one's far end (DirectionStrip). Flow begins at zero: of the ways to lay
/// bands from there outward, the one that covers most power and least noise. Where bands meet at the far
/// ends, that tells little; but then the columns before and after do, since flow does not turn at full speed.
std::vector<FastFlow> fastFlow(const cv::Mat& up, const cv::Mat& down, double noise, double secondsPerColumn,
                               const DirectionAxis& axis);

}  // namespace soleus
