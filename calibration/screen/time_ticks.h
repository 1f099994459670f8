/// The ticks of time along a strip: how many pixels lie between two, and what time that stands for.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

namespace soleus {

/// Ticks that follow each other evenly along the lower or the upper edge of a strip.
struct TimeTicks {
  double pitchPx = 0;      ///< between two that follow each other
  double uncertainty = 0;  ///< bound of its error, as a share of it: ticks are drawn on whole columns
  int count = 0;           ///< ticks seen; a few may be hidden
};

/// `ink`: CV_8UC1 as of standingInk(); `strip`: the spectrum on the screen, its rows good to a few pixels.
/// Nothing unless at least three ticks were seen, one of them at an end of the strip, most of what stands in
/// their rows is one, and they reach along at least half of the strip; or two that stand there alone.
std::optional<TimeTicks> findTimeTicks(const cv::Mat& ink, const cv::Rect& strip);

/// What a tick stands for if `secondsPerPixel` is right, or nearly so: the round time (1, 2, 2.5, 4 or 5
/// times a power of ten, s) next to it. NaN where none is near.
double roundTickS(const TimeTicks& ticks, double secondsPerPixel);

}  // namespace soleus
