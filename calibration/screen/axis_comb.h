/// The ticks of an axis that carry no number.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "calibration/screen/axis_numbers.h"
#include "calibration/screen/scale_line.h"

namespace soleus {

/// Scanners divide the step between two numbers into equal parts: with `line`, read from `numbers` on ticks,
/// what each small tick within `rows` stands for is known, and its row makes the line surer. Nothing unless
/// most places of a division hold a tick.
std::vector<ScaleReading> unnumberedTicks(const cv::Mat& ink, const ScaleLine& line,
                                          const std::vector<AxisNumber>& numbers, const cv::Range& rows);

/// The numbers with their ticks' rows found anew in the columns that most ticks share: what stands beside one
/// of them, the corner of a frame, does not move it. A tick that is not seen there, or next to its row, keeps
/// it.
std::vector<AxisNumber> onSharedColumns(const cv::Mat& ink, std::vector<AxisNumber> numbers);

/// Whether each numbered tick is one row of ink: drawn so, and not scaled since, which spreads most over two.
bool ticksAreSharp(const cv::Mat& ink, const std::vector<AxisNumber>& numbers);

}  // namespace soleus
