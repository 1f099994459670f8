#include "pipeline/doppler/wall_echo.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/power.h"

namespace soleus {
namespace {

// Resolutions of the spectral window: of a flow long enough to tell its level beside a wall, and from zero to
// where a flow or a wall begins.
constexpr double kLeastBand = 8;
constexpr double kBeginsWithin = 4;

constexpr float kOverBlood = 4;
// Where no flow of its own and no wall on the other side speaks for it: slow blood of another vein may be six
// times as dense on the axis as blood that is six times as fast.
constexpr float kAloneOverBlood = 25;
// Its flank belongs to it down to here.
constexpr float kFlankOver = 1.5;
// Speckle of two or three looks on noise alone is rarely as strong.
constexpr double kSignal = 3;

/// One direction of a column, from zero outward.
struct Half {
  int first = 0;  ///< row of `power`
  int step = 1;
  std::vector<float> power;
  RowRange band;
  std::optional<float> level;  ///< middle power of the outer half of its flow; nothing if it has none

  [[nodiscard]] float at(int i) const { return power[static_cast<std::size_t>(i)]; }
};

Half halfOf(const std::vector<float>& power, int first, int step, double noise, const DirectionAxis& axis) {
  Half half{first, step, {}, {}, {}};
  for (int row = first; row >= 0 && row < static_cast<int>(power.size()); row += step)
    half.power.push_back(power[static_cast<std::size_t>(row)]);
  half.band = bandAbove(half.power, kSignal * noise);
  // What begins further out has wrapped around the axis' end, or is a mark.
  if (half.band.begin > kBeginsWithin * axis.windowRows) return half;
  if (half.band.length() < std::max(2.0, kLeastBand * axis.windowRows)) return half;
  std::vector<float> rows(half.power.begin() + std::max(half.band.begin, half.band.end / 2),
                          half.power.begin() + half.band.end);
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
  std::nth_element(rows.begin(), middle, rows.end());
  half.level = *middle;
  return half;
}

/// End of the rows about zero that are stronger than `least`, with their flank down to `target`; 0 if there
/// are none.
int wallEnd(const Half& half, float least, float target, int limit, const DirectionAxis& axis) {
  limit = std::min(limit, static_cast<int>(half.power.size()));
  const int begin = std::min(limit, static_cast<int>(kBeginsWithin * axis.windowRows));
  int i = 0;
  while (i < begin && half.at(i) <= least) ++i;
  if (i >= begin) return 0;
  while (i < limit && half.at(i) > least) ++i;
  while (i < limit && half.at(i) > kFlankOver * target && half.at(i) <= half.at(i - 1)) ++i;
  return i;
}

/// Takes rows [0, end) of the column down to `target`, by what their average is above it: speckle stays
/// speckle.
void takeDown(cv::Mat& power, int column, const Half& half, int end, float target) {
  for (int i = 0; i < end; ++i) {
    if (half.at(i) > target) power.at<float>(column, half.first + half.step * i) *= target / half.at(i);
  }
}

}  // namespace

void quietWalls(cv::Mat& power, double noise, double secondsPerColumn, double looksPerColumn,
                const DirectionAxis& axis) {
  const std::vector<float> weights = temporalWeights(secondsPerColumn);
  const cv::Mat before = power.clone();
  for (int c = 0; c < power.rows; ++c) {
    const std::vector<float> smooth = smoothedColumn(before, c, weights, looksPerColumn).power;
    const Half up = halfOf(smooth, axis.firstForward, 1, noise, axis);
    const Half down = halfOf(smooth, axis.lastReverse, -1, noise, axis);
    for (const auto& [half, other] : {std::pair{&up, &down}, std::pair{&down, &up}}) {
      if (!half->level) continue;
      const int end = wallEnd(*half, kOverBlood * *half->level, *half->level, half->band.end / 2, axis);
      takeDown(power, c, *half, end, *half->level);
      if (other->level) continue;
      const float over = end > 0 ? kOverBlood : kAloneOverBlood;
      const auto quiet = static_cast<float>(noise);
      takeDown(power, c, *other, wallEnd(*other, over * *half->level, quiet, half->band.end / 2, axis),
               quiet);
    }
  }
}

}  // namespace soleus
