/// Walls that move: what they echo beyond the wall filter's corner.
#pragma once

#include <opencv2/core/mat.hpp>

#include "pipeline/doppler/envelope_directions.h"

namespace soleus {

/// Takes the echo of moving walls down to the level of the blood. When a calf contracts, walls and muscle
/// echo some 40 to 60 dB above the blood, and what of that passes the wall filter stands around zero, tens of
/// dB above the blood that moves: the flank of it would be taken for the end of the flow. Looked for beside a
/// flow that begins about zero and is eight resolutions or longer: within its inner half, contiguous from
/// about zero, four times as strong as its outer half, which the slow blood of no velocity profile is. On the
/// other side of zero, where nothing flows as far, it is taken down to the noise; if the flow's own side
/// shows no wall, only what is 25 times as strong as the flow. `power`: as powerColumns() gives it, changed
/// in place. `noise`: mean noise power per row. A slow band beside a jet of the same direction would be taken
/// for a wall, and so would slow blood away from a fast flow, in the moment that a wall moves: the maximum
/// velocity does not change by that, the mean would.
void quietWalls(cv::Mat& power, double noise, double secondsPerColumn, double looksPerColumn,
                const DirectionAxis& axis);

}  // namespace soleus
