#include "calibration/screen/axis_extent.h"

#include <algorithm>
#include <cmath>

#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

// Into how many parts scanners divide the step between two numbers.
constexpr int kParts[] = {10, 5, 4, 2};
// Of the ticks between numbers, those that must be seen: coloured marks hide one or two.
constexpr double kLeastShare = 0.7;
// Ticks in a row that may be hidden on the way out.
constexpr int kMostHidden = 1;
// A small tick against the gaps beside it, and its least ink over all its columns.
constexpr double kTickOverGap = 1.6;
constexpr double kLeastInk = 60;

/// Ink of each row between the region and its numbers.
std::vector<double> inkOfRows(const cv::Mat& ink, const std::vector<AxisNumber>& numbers,
                              const cv::Rect& region) {
  cv::Rect box = numbers.front().box;
  for (const AxisNumber& n : numbers) box |= n.box;
  const bool right = box.x > region.x + region.width / 2;
  const int from = right ? region.x + region.width - kEdgePx : box.x + box.width;
  const int to = right ? box.x : region.x + kEdgePx;
  std::vector<double> rows(static_cast<std::size_t>(ink.rows), 0);
  for (int y = 0; y < ink.rows; ++y) {
    for (int x = std::max(0, from); x < std::min(to, ink.cols); ++x)
      rows[static_cast<std::size_t>(y)] += ink.at<uchar>(y, x);
  }
  return rows;
}

double strongest(const std::vector<double>& rows, double row, int reach) {
  double most = 0;
  const int middle = static_cast<int>(std::floor(row));
  for (int y = std::max(0, middle - reach); y <= std::min(static_cast<int>(rows.size()) - 1, middle + reach);
       ++y)
    most = std::max(most, rows[static_cast<std::size_t>(y)]);
  return most;
}

}  // namespace

std::optional<std::pair<int, int>> axisExtent(const cv::Mat& ink, const ScaleLine& line,
                                              const std::vector<AxisNumber>& numbers,
                                              const cv::Rect& region) {
  if (numbers.size() < 2) return std::nullopt;
  const std::vector<double> rows = inkOfRows(ink, numbers, region);
  double stepPx = 1e9;
  double top = numbers.front().row;
  double bottom = line.zeroRow;
  for (const AxisNumber& n : numbers) {
    top = std::min(top, n.row);
    bottom = std::max(bottom, n.row);
    if (std::abs(n.row - line.zeroRow) > 2) stepPx = std::min(stepPx, std::abs(n.row - line.zeroRow));
  }
  for (const int parts : kParts) {
    const double px = stepPx / parts;
    if (px < 5) continue;
    const auto isTick = [&](double row) {
      const double gap = std::min(strongest(rows, row - px / 2, 0), strongest(rows, row + px / 2, 0));
      const double tick = strongest(rows, row, 1);
      return tick >= kLeastInk && tick >= kTickOverGap * gap;
    };
    int seen = 0;
    int all = 0;
    for (double row = top; row <= bottom; row += px, ++all) seen += isTick(row) ? 1 : 0;
    if (seen < kLeastShare * all) continue;
    const auto walk = [&](double from, double by) {
      double last = from;
      int hidden = 0;
      for (double row = from + by; row > 0 && row < static_cast<double>(rows.size()) && hidden <= kMostHidden;
           row += by) {
        if (isTick(row)) last = row;
        hidden = isTick(row) ? 0 : hidden + 1;
      }
      return last;
    };
    return std::pair(static_cast<int>(std::floor(walk(top, -px))),
                     static_cast<int>(std::floor(walk(bottom, px))) + 1);
  }
  return std::nullopt;
}

}  // namespace soleus
