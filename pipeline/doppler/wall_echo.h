/// Walls that move: what they echo beyond the wall filter's corner.
#pragma once

#include <opencv2/core/mat.hpp>

#include "pipeline/doppler/envelope_directions.h"

namespace soleus {

/// Takes the echo of moving walls down to the level of the blood. When a calf contracts, walls and muscle
/// echo some 40 to 60 dB above the blood, and what of that passes the wall filter stands around zero, tens of
/// dB above the blood that moves: the flank of it would be taken for the end of the flow. What is found is
/// contiguous from about zero, four times as strong as the outer half of a band of eight resolutions or more,
/// and within the inner half of that: no velocity profile has its slow blood so much stronger. On the other
/// side of zero, where nothing else flows, it is taken down to the noise.
/// `power`: as powerColumns() gives it, changed in place. `noise`: mean noise power per row. A slow band
/// beside a jet would be taken for a wall; the maximum velocity does not change by that, the mean would.
void quietWalls(cv::Mat& power, double noise, double secondsPerColumn, double looksPerColumn,
                const DirectionAxis& axis);

}  // namespace soleus
