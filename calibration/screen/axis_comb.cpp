#include "calibration/screen/axis_comb.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soleus {
namespace {

// Into how many parts scanners divide the step between two numbers; the first of which most ticks are seen.
constexpr int kParts[] = {10, 5, 4, 2, 1};
constexpr double kLeastPartPx = 5;
// Of the places between numbers, those that must hold a tick: coloured marks hide one or two.
constexpr double kLeastShare = 0.8;
// How far the line may lead astray between the numbers, and on the way out of them.
constexpr double kOffPx = 1.5;
// Rows away from a tick there is none of its ink.
constexpr int kBesidePx = 2;
// Full ink of a column, and the least of a small tick, also against the numbered ones.
constexpr int kTickGrey = 40;
constexpr double kLeastInk = 60;
constexpr double kLeastInkShare = 0.15;
// Ink of the next row against that of a tick that is one row: what codecs leave there.
constexpr double kMostBesideTick = 0.2;
// What moves a tick that stands alone by less is a codec, which moves both ways of finding it.
constexpr double kMovedPx = 0.5;
// How far a tick reaches at most, against the height of the digits.
constexpr double kReach = 2.5;

/// Columns in which most of the numbered ticks have ink.
std::vector<int> tickColumns(const cv::Mat& ink, const std::vector<AxisNumber>& numbers) {
  cv::Rect all = numbers.front().box;
  for (const AxisNumber& n : numbers) all |= n.box;
  const int reach = static_cast<int>(std::lround(kReach * numbers.front().box.height));
  std::vector<int> columns;
  for (int x = std::max(0, all.x - reach); x < std::min(ink.cols, all.x + all.width + reach); ++x) {
    if (x >= all.x - 1 && x <= all.x + all.width) continue;
    const auto inked = std::count_if(numbers.begin(), numbers.end(), [&](const AxisNumber& n) {
      const int row = static_cast<int>(n.row);
      return row >= 0 && row < ink.rows && ink.at<uchar>(row, x) >= kTickGrey;
    });
    if (2 * inked > static_cast<std::ptrdiff_t>(numbers.size())) columns.push_back(x);
  }
  return columns;
}

/// Ink of each row over that of the rows beside it.
std::vector<double> inkOfRows(const cv::Mat& ink, const std::vector<int>& columns) {
  std::vector<double> rows(static_cast<std::size_t>(ink.rows), 0);
  for (int y = kBesidePx; y < ink.rows - kBesidePx; ++y) {
    for (const int x : columns) {
      const int beside = std::max(ink.at<uchar>(y - kBesidePx, x), ink.at<uchar>(y + kBesidePx, x));
      rows[static_cast<std::size_t>(y)] += std::max(0, ink.at<uchar>(y, x) - beside);
    }
  }
  return rows;
}

/// The middle of the tick about `row`; NaN if there is none.
double tickAbout(const std::vector<double>& rows, double row, double leastInk) {
  const int first = std::max(1, static_cast<int>(std::ceil(row - 0.5 - kOffPx)));
  const int last =
      std::min(static_cast<int>(rows.size()) - 2, static_cast<int>(std::floor(row - 0.5 + kOffPx)));
  int at = first;
  for (int y = first; y <= last; ++y) {
    if (rows[static_cast<std::size_t>(y)] > rows[static_cast<std::size_t>(at)]) at = y;
  }
  const auto k = static_cast<std::size_t>(at);
  if (first > last || rows[k] < leastInk || rows[k - 1] > rows[k] || rows[k + 1] > rows[k])
    return std::nan("");
  const double mass = rows[k - 1] + rows[k] + rows[k + 1];
  return at + 0.5 + (rows[k + 1] - rows[k - 1]) / mass;
}

/// Between two numbers that follow each other, in the axis' unit.
double stepOf(const std::vector<AxisNumber>& numbers, const ScaleLine& line) {
  std::vector<double> values;
  for (const AxisNumber& n : numbers) values.push_back(n.row < line.zeroRow ? n.value : -n.value);
  values.push_back(0);
  std::sort(values.begin(), values.end());
  double step = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double apart = values[i] - values[i - 1];
    if (apart > 1e-9 && (step == 0 || apart < step)) step = apart;
  }
  return step;
}

}  // namespace

std::vector<ScaleReading> unnumberedTicks(const cv::Mat& ink, const ScaleLine& line,
                                          const std::vector<AxisNumber>& numbers, const cv::Range& rows) {
  if (numbers.size() < 2) return {};
  const std::vector<double> inked = inkOfRows(ink, tickColumns(ink, numbers));
  double numbered = 1e9;
  double top = line.zeroRow;
  double bottom = line.zeroRow;
  for (const AxisNumber& n : numbers) {
    numbered = std::min(numbered, inked[static_cast<std::size_t>(n.row)]);
    top = std::min(top, n.row);
    bottom = std::max(bottom, n.row);
  }
  const double leastInk = std::max(kLeastInk, kLeastInkShare * numbered);
  const double step = stepOf(numbers, line);
  for (const int parts : kParts) {
    const double part = step / parts;
    const double partPx = part / line.unitsPerPixel;
    if (partPx < kLeastPartPx) continue;
    int places = 0;
    int seen = 0;
    std::vector<ScaleReading> ticks;
    const int first = static_cast<int>(std::ceil((line.zeroRow - rows.end) / partPx));
    const int last = static_cast<int>(std::floor((line.zeroRow - rows.start) / partPx));
    for (int k = first; k <= last; ++k) {
      const double row = line.zeroRow - k * partPx;
      const bool isNumber = std::any_of(numbers.begin(), numbers.end(), [&](const AxisNumber& n) {
        return std::abs(n.row - row) <= kLeastPartPx / 2;
      });
      if (isNumber) continue;
      const double tick = tickAbout(inked, row, leastInk);
      const bool within = row > top && row < bottom;
      places += within ? 1 : 0;
      if (std::isnan(tick)) continue;
      seen += within ? 1 : 0;
      ticks.push_back({tick, std::abs(k) * part});
    }
    if (seen >= kLeastShare * places && !ticks.empty()) return ticks;
  }
  return {};
}

std::vector<AxisNumber> onSharedColumns(const cv::Mat& ink, std::vector<AxisNumber> numbers) {
  if (numbers.size() < 2) return numbers;
  const std::vector<double> rows = inkOfRows(ink, tickColumns(ink, numbers));
  for (AxisNumber& number : numbers) {
    const double row = tickAbout(rows, number.row, kLeastInk);
    if (std::abs(row - number.row) > kMovedPx) number.row = row;
  }
  return numbers;
}

bool ticksAreSharp(const cv::Mat& ink, const std::vector<AxisNumber>& numbers) {
  if (numbers.empty()) return false;
  const std::vector<double> rows = inkOfRows(ink, tickColumns(ink, numbers));
  return std::all_of(numbers.begin(), numbers.end(), [&](const AxisNumber& number) {
    const auto k = static_cast<std::size_t>(number.row);
    return k > 0 && k + 1 < rows.size() && rows[k] >= kLeastInk &&
           std::max(rows[k - 1], rows[k + 1]) <= kMostBesideTick * rows[k];
  });
}

}  // namespace soleus
