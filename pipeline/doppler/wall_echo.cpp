#include "pipeline/doppler/wall_echo.h"

#include <algorithm>
#include <vector>

#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/power.h"

namespace soleus {
namespace {

// Resolutions of the spectral window.
constexpr double kLeastBand = 8;
constexpr double kBeginsWithin = 4;

constexpr double kOverBlood = 4;
// Its flank belongs to it down to here.
constexpr double kFlankOver = 1.5;
// Speckle of two or three looks on noise alone is rarely as strong.
constexpr float kSignal = 3;

/// One direction of a column, from zero outward.
struct Half {
  int first = 0;  ///< row of `power`
  int step = 1;
  std::vector<float> power;
  int bandEnd = 0;

  [[nodiscard]] float at(int i) const { return power[static_cast<std::size_t>(i)]; }
};

Half halfOf(const std::vector<float>& power, int first, int step, double noise) {
  Half side{first, step, {}, 0};
  for (int row = first; row >= 0 && row < static_cast<int>(power.size()); row += step)
    side.power.push_back(power[static_cast<std::size_t>(row)]);
  side.bandEnd = bandAbove(side.power, kSignal * noise).end;
  return side;
}

/// Middle power of the outer half of the side's band.
float outerLevel(const Half& side) {
  std::vector<float> rows(side.power.begin() + side.bandEnd / 2, side.power.begin() + side.bandEnd);
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
  std::nth_element(rows.begin(), middle, rows.end());
  return *middle;
}

/// End of the rows that are stronger than `level` by kOverBlood, with their flank down to `target`; 0 if
/// there are none.
int wallEnd(const Half& side, float level, float target, int begin, int limit) {
  int i = 0;
  while (i < std::min(begin, limit) && side.at(i) <= kOverBlood * level) ++i;
  if (i >= std::min(begin, limit)) return 0;
  while (i < limit && side.at(i) > kOverBlood * level) ++i;
  while (i < limit && side.at(i) > kFlankOver * target && side.at(i) <= side.at(i - 1)) ++i;
  return i;
}

}  // namespace

void quietWalls(cv::Mat& power, double noise, double secondsPerColumn, double looksPerColumn,
                const DirectionAxis& axis) {
  const std::vector<float> weights = temporalWeights(secondsPerColumn);
  const auto leastBand = static_cast<int>(kLeastBand * axis.windowRows);
  const auto begin = static_cast<int>(kBeginsWithin * axis.windowRows);
  const cv::Mat before = power.clone();
  for (int c = 0; c < power.rows; ++c) {
    const std::vector<float> smooth = smoothedColumn(before, c, weights, looksPerColumn).power;
    const Half up = halfOf(smooth, axis.firstForward, 1, noise);
    const Half down = halfOf(smooth, axis.lastReverse, -1, noise);
    const Half& flow = up.bandEnd >= down.bandEnd ? up : down;
    if (flow.bandEnd < leastBand) continue;
    const float level = outerLevel(flow);
    for (const Half* side : {&up, &down}) {
      const bool flows = side == &flow || side->bandEnd >= leastBand;
      const float target = flows ? level : static_cast<float>(noise);
      const int limit = std::min<int>(flow.bandEnd / 2, static_cast<int>(side->power.size()));
      const int end = wallEnd(*side, level, target, begin, limit);
      for (int i = 0; i < end; ++i) {
        if (side->at(i) > target) power.at<float>(c, side->first + side->step * i) *= target / side->at(i);
      }
    }
  }
}

}  // namespace soleus
