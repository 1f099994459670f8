#include "calibration/screen/settle_depth.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Depth is counted from the skin, at the picture's top: how far from it zero may lie, as a share of the
// height.
constexpr double kMostSkinOff = 0.1;

}  // namespace

std::optional<BmodeCalibration> depthScale(const ScreenFindings& found) {
  if (!found.bmode || !found.depth) return std::nullopt;
  const ScaleLine& line = found.depth->line;
  if (line.uncertainty > 2 * kScaleShare) return std::nullopt;
  const cv::Rect& box = found.bmode->box;
  // Other numbers beside the picture, settings in a column, may lie on a line as well.
  if (std::abs(line.zeroRow - box.y) > kMostSkinOff * box.height) return std::nullopt;
  double step = 0;
  for (std::size_t i = 1; i < found.depth->numbers.size(); ++i) {
    const double apart = std::abs(found.depth->numbers[i].value - found.depth->numbers[i - 1].value);
    step = step == 0 ? apart : std::min(step, apart);
  }
  // Steps of 1 or 2 are centimetres, of 10 or more millimetres; between them the printed depth has to tell.
  double mmPerUnit = step <= 2 ? 10 : step >= 10 ? 1 : 0;
  if (found.printed.depthCm) {
    for (const double unit : {1.0, 10.0}) {
      const double share = unit * line.unitsPerPixel * box.height / (10 * *found.printed.depthCm);
      if (share > 0.7 && share < 1.1) {
        if (mmPerUnit != 0 && mmPerUnit != unit) return std::nullopt;
        mmPerUnit = unit;
      }
    }
  }
  if (mmPerUnit == 0) return std::nullopt;
  return BmodeCalibration{{box.x, box.y, box.width, box.height}, mmPerUnit * line.unitsPerPixel};
}

}  // namespace soleus
