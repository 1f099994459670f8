#include "calibration/screen/panel_edges.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <vector>

namespace soleus {
namespace {

// A panel is brighter than the strip's ground by this at least, over so many rows.
constexpr double kPanelGrey = 10;
constexpr int kPanelRows = 5;
// How much of that is between two rows: the edge is sharp.
constexpr double kSharpShare = 0.6;
constexpr double kPanelShare = 0.5;
// And how much of it the strip's last row may have.
constexpr double kDarkShare = 0.25;
// Noise that moves less, on average, may be the codec's; so many rows next to the edge move, and so many of
// all up to it: the wall filter takes some.
constexpr double kMovesGrey = 0.7;
constexpr int kEdgeRows = 6;
constexpr double kMovesShare = 0.85;

template <class Value>
double middleOf(std::vector<Value> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double middleOf(const std::vector<double>& values, std::size_t from, int count) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(from);
  return middleOf(std::vector<double>(first, first + count));
}

/// Rows from the core outward: what stands there, and how much it moves.
struct Outward {
  std::vector<double> ground;
  std::vector<double> movement;

  void add(const ScreenPicture& picture, const cv::Rect& core, int y) {
    const cv::Mat row = picture.mean(cv::Rect(core.x, y, core.width, 1));
    ground.push_back(middleOf(std::vector<uchar>(row.begin<uchar>(), row.end<uchar>())));
    movement.push_back(cv::mean(picture.range(cv::Rect(core.x, y, core.width, 1)))[0]);
  }
};

/// How many rows lie before the first sharp edge to a panel; nothing if noise ends before that.
std::optional<int> rowsToPanel(const Outward& out) {
  for (std::size_t k = kEdgeRows; k + kPanelRows <= out.ground.size(); ++k) {
    const double dark = middleOf(out.ground, k - kEdgeRows, kEdgeRows);
    const double panel = middleOf(out.ground, k, kPanelRows);
    const double step = panel - dark;
    if (step < kPanelGrey || out.ground[k] - out.ground[k - 1] < kSharpShare * step) continue;
    // A frame's line that a codec smeared over the row before: the edge is one of two.
    if (out.ground[k - 1] - dark > kDarkShare * step) return std::nullopt;
    const auto first = out.ground.begin() + static_cast<std::ptrdiff_t>(k);
    if (*std::min_element(first, first + kPanelRows) < dark + kPanelShare * step) continue;
    // A panel stands; what is brighter and moves more is flow beside the wall filter's dark rows.
    if (middleOf(out.movement, k, kPanelRows) > middleOf(out.movement, k - kEdgeRows, kEdgeRows)) continue;
    const auto moves = [&](std::size_t from) {
      return std::count_if(out.movement.begin() + static_cast<std::ptrdiff_t>(from),
                           out.movement.begin() + static_cast<std::ptrdiff_t>(k),
                           [](double value) { return value >= kMovesGrey; });
    };
    if (moves(k - kEdgeRows) < kEdgeRows ||
        static_cast<double>(moves(0)) < kMovesShare * static_cast<double>(k))
      return std::nullopt;
    return static_cast<int>(k);
  }
  return std::nullopt;
}

}  // namespace

std::optional<cv::Range> rowsWithinPanel(const ScreenPicture& picture, const cv::Rect& core,
                                         const cv::Rect& room) {
  const int middle = core.y + core.height / 2;
  Outward up;
  for (int y = middle - 1; y >= room.y; --y) up.add(picture, core, y);
  Outward down;
  for (int y = middle; y < room.y + room.height; ++y) down.add(picture, core, y);
  const auto above = rowsToPanel(up);
  const auto below = rowsToPanel(down);
  if (!above || !below) return std::nullopt;
  return cv::Range(middle - *above, middle + *below);
}

}  // namespace soleus
