/// What stands printed on the phantom's screen and where: scales with their numbers, settings, header.
#pragma once

#include <opencv2/core/types.hpp>
#include <string>
#include <vector>

#include "calibration/phantom/scenario.h"
#include "calibration/phantom/screen_text.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// A filled rectangle, or a line of text.
struct ScreenMark {
  enum class Role { kOther, kVelocityTick, kVelocityNumber, kTimeTick };
  cv::Rect box;       ///< of the rectangle, or what digits and capitals of the text cover
  cv::Scalar colour;  ///< blue, green, red
  std::string text;   ///< UTF-8; empty: a rectangle
  cv::Point origin;   ///< left end of the text's base line
  double shrink = 1;  ///< of the text against its usual size
  Role role = Role::kOther;
};

/// In the order of drawing. Ticks: velocity beside the strip, time below it, depth beside the B-mode picture;
/// each tick's middle row or column is the place of its number.
std::vector<ScreenMark> screenPrint(const Scenario& scenario, const CalibrationProfile& profile,
                                    const ScreenText& text);

/// What a person would find wrong with it: text that runs off the screen, over other text or a tick, or into
/// a measured region. Empty if nothing is.
std::string printFault(const std::vector<ScreenMark>& marks, const CalibrationProfile& profile);

/// A round step (1, 2 or 5 times a power of ten) that divides `range` into at most `mostSteps`.
double roundStep(double range, int mostSteps);

}  // namespace soleus
