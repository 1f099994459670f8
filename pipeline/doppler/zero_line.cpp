#include "pipeline/doppler/zero_line.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace soleus {
namespace {

// A drawn line over what lies beside it: even dim ones, after H.264.
constexpr int kLineGrey = 12;
// Rows to compare with lie this far off, beyond the thickest line and its smear.
constexpr int kBesidePx = 6;
constexpr int kThickestPx = 5;
// Of the columns: bright flow, markers and the write bar hide some.
constexpr double kLeastShare = 0.8;
// Of the columns' greys, from the tenth part to the ninth: what a codec makes of a line's one grey. Flow
// varies by more.
constexpr int kMostSpread = 48;
// In bright flow a line shines no more than what lies beside it, but it alone does not vary.
constexpr double kSteadier = 2.5;
constexpr int kLeastColumns = 100;

/// Whether the columns show, at `i` of the axis, something brighter than on either side.
double shareOfLine(const cv::Mat& grey, int i) {
  int on = 0;
  for (int column = 0; column < grey.rows; ++column) {
    const auto* row = grey.ptr<std::uint8_t>(column);
    on += 2 * row[i] >= row[i - kBesidePx] + row[i + kBesidePx] + 2 * kLineGrey ? 1 : 0;
  }
  return static_cast<double>(on) / grey.rows;
}

/// Greys from the tenth part of the columns to the ninth.
int spreadOf(const cv::Mat& grey, int i) {
  std::vector<std::uint8_t> values;
  values.reserve(static_cast<std::size_t>(grey.rows));
  for (int column = 0; column < grey.rows; ++column) values.push_back(grey.at<std::uint8_t>(column, i));
  const auto low = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 10);
  const auto high = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 9 / 10);
  std::nth_element(values.begin(), high, values.end());
  std::nth_element(values.begin(), low, high);
  return *high - *low;
}

bool isLine(const cv::Mat& grey, int i) {
  const int spread = spreadOf(grey, i);
  if (spread > kMostSpread) return false;
  if (shareOfLine(grey, i) >= kLeastShare) return true;
  const int beside = std::min(spreadOf(grey, i - kBesidePx), spreadOf(grey, i + kBesidePx));
  return beside > kLineGrey && beside >= kSteadier * spread;
}

}  // namespace

std::optional<double> drawnZeroLine(const cv::Mat& grey) {
  if (grey.rows < kLeastColumns) return std::nullopt;
  int first = -1;
  int end = -1;
  for (int i = kBesidePx; i + kBesidePx < grey.cols; ++i) {
    if (!isLine(grey, i)) continue;
    if (first >= 0 && i > end) return std::nullopt;  // a second one
    if (first < 0) first = i;
    end = i + 1;
  }
  if (first < 0 || end - first > kThickestPx) return std::nullopt;
  // The middle of its brightness: a codec leaves some of it on its neighbours.
  double mass = 0;
  double moment = 0;
  for (int i = first; i < end; ++i) {
    double sum = 0;
    for (int column = 0; column < grey.rows; ++column) sum += grey.at<std::uint8_t>(column, i);
    mass += sum;
    moment += sum * (i + 0.5);
  }
  if (mass < kLineGrey * static_cast<double>(grey.rows)) return std::nullopt;  // a black gap
  return moment / mass;
}

}  // namespace soleus
