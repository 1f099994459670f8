/// Where a person saw the lumen: X,Y in pixels of the whole video.
#pragma once

#include <opencv2/core/types.hpp>
#include <optional>
#include <string>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// "640,210" as a point; X and Y may be fractions, the centre of the first pixel is 0.5,0.5. Errors
/// (kBadInput): anything else. Pure.
Result<cv::Point2d> parseLumenPoint(const std::string& text);

/// `text`, as above, in coordinates of the B-mode region. Errors (kBadInput): as above, no B-mode in the
/// profile, or a point outside of it. Pure.
Result<cv::Point2d> lumenStart(const std::string& text, const std::optional<BmodeCalibration>& bmode);

}  // namespace soleus
