#include "pipeline/doppler/sweep_change.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>

namespace soleus {
namespace {

constexpr int kRows = 72;
// MPEG-4 and H.264 at usual quality move a resting pixel by less than this from frame to frame.
constexpr int kCodecNoiseGrey = 6;
// Columns between two runs of one cluster: a dark letter stroke, a gap of one macroblock's half.
constexpr int kJoinPx = 4;
// A key frame's noise is spread evenly about its median.
constexpr float kCommonTimes = 3;
// The leftmost line begins where a column changed at least this much against the strongest; less is what a
// codec adds to columns written a frame or two ago. It is as wide as the front moved, and the codec a little
// wider.
constexpr float kLineShare = 0.35F;
constexpr int kLineExtraPx = 2;

}  // namespace

void subsampleSweepRows(const cv::Mat& strip, cv::Mat& rows) {
  const int count = std::min(kRows, strip.rows);
  rows.create(count, strip.cols, CV_8UC1);
  for (int r = 0; r < count; ++r) {
    const int row = static_cast<int>((r + 0.5) * strip.rows / count);
    std::copy_n(strip.ptr<uchar>(row), strip.cols, rows.ptr<uchar>(r));
  }
}

void columnChange(const cv::Mat& a, const cv::Mat& b, int x0, int x1, std::vector<float>& changeGrey) {
  const int width = x1 - x0;
  changeGrey.assign(static_cast<std::size_t>(width), 0);
  // 16 bits hold 72 rows of 249 each; blocks of columns stay in the first-level cache.
  constexpr int kBlock = 64;
  for (int begin = 0; begin < width; begin += kBlock) {
    const int count = std::min(kBlock, width - begin);
    std::uint16_t sums[kBlock] = {};
    for (int r = 0; r < a.rows; ++r) {
      const std::uint8_t* pa = a.ptr<std::uint8_t>(r) + x0 + begin;
      const std::uint8_t* pb = b.ptr<std::uint8_t>(r) + x0 + begin;
      for (int x = 0; x < count; ++x) {
        const int d = std::abs(pa[x] - pb[x]) - kCodecNoiseGrey;
        sums[x] = static_cast<std::uint16_t>(sums[x] + std::max(d, 0));
      }
    }
    for (int x = 0; x < count; ++x) {
      changeGrey[static_cast<std::size_t>(begin + x)] =
          static_cast<float>(sums[x]) / static_cast<float>(a.rows);
    }
  }
}

double keepVisible(std::vector<float>& changeGrey, std::vector<float>& scratch) {
  scratch = changeGrey;
  const auto middle = scratch.begin() + static_cast<std::ptrdiff_t>(scratch.size() / 2);
  std::nth_element(scratch.begin(), middle, scratch.end());
  const float common = kCommonTimes * *middle;
  std::size_t visible = 0;
  for (float& c : changeGrey) {
    c -= common;
    if (c < kVisibleGrey) c = 0;
    visible += c > 0 ? 1 : 0;
  }
  return static_cast<double>(visible) / static_cast<double>(changeGrey.size());
}

ChangeCluster leftmostLine(const std::vector<float>& changeGrey, int first, int last, double stepPx) {
  ChangeCluster line;
  if (first > last) return line;
  const auto begin = changeGrey.begin() + first;
  const auto end = changeGrey.begin() + last + 1;
  const float least = kLineShare * *std::max_element(begin, end);
  const auto start = std::find_if(begin, end, [&](float c) { return c > least; });
  if (start == end) return line;
  line.firstPx = static_cast<int>(start - changeGrey.begin());
  line.lastPx = std::min(last, line.firstPx + static_cast<int>(std::ceil(stepPx)) + kLineExtraPx - 1);
  for (int x = first; x <= line.lastPx; ++x) {
    const double c = changeGrey[static_cast<std::size_t>(x)];
    line.centrePx += c * (x + 0.5);
    line.energyGrey += c;
  }
  line.centrePx /= line.energyGrey;
  return line;
}

void strongestClusters(const std::vector<float>& changeGrey, std::size_t most,
                       std::vector<ChangeCluster>& clusters) {
  clusters.clear();
  int last = -kJoinPx - 1;
  for (int x = 0; x < static_cast<int>(changeGrey.size()); ++x) {
    const double c = changeGrey[static_cast<std::size_t>(x)];
    if (c <= 0) continue;
    if (x - last > kJoinPx) clusters.emplace_back().firstPx = x;
    clusters.back().centrePx += c * (x + 0.5);
    clusters.back().energyGrey += c;
    clusters.back().lastPx = x;
    last = x;
  }
  for (ChangeCluster& cluster : clusters) cluster.centrePx /= cluster.energyGrey;
  std::sort(clusters.begin(), clusters.end(),
            [](const ChangeCluster& a, const ChangeCluster& b) { return a.energyGrey > b.energyGrey; });
  if (clusters.size() > most) clusters.resize(most);
}

}  // namespace soleus
