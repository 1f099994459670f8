#include "pipeline/doppler/sweep_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/core/hal/intrin.hpp>

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
  changeGrey.assign(static_cast<std::size_t>(x1 - x0), 0);
  const auto store = [&](int x, int sum) {
    changeGrey[static_cast<std::size_t>(x - x0)] = static_cast<float>(sum) / static_cast<float>(a.rows);
  };
  int x = x0;
  // Sixteen columns through all rows at once: this sees every frame. 16 bits hold 72 rows of 249 each.
  constexpr int kLanes = cv::v_uint8x16::nlanes;
  const cv::v_uint8x16 noise = cv::v_setall_u8(kCodecNoiseGrey);
  for (; x + kLanes <= x1; x += kLanes) {
    cv::v_uint16x8 left = cv::v_setzero_u16();
    cv::v_uint16x8 right = cv::v_setzero_u16();
    for (int r = 0; r < a.rows; ++r) {
      const cv::v_uint8x16 apart =
          cv::v_absdiff(cv::v_load(a.ptr<std::uint8_t>(r) + x), cv::v_load(b.ptr<std::uint8_t>(r) + x));
      cv::v_uint16x8 low;
      cv::v_uint16x8 high;
      cv::v_expand(apart - noise, low, high);  // saturates at 0
      left += low;
      right += high;
    }
    std::array<std::uint16_t, kLanes> sums;
    cv::v_store(sums.data(), left);
    cv::v_store(sums.data() + kLanes / 2, right);
    for (int k = 0; k < kLanes; ++k) store(x + k, sums[static_cast<std::size_t>(k)]);
  }
  for (; x < x1; ++x) {
    int sum = 0;
    for (int r = 0; r < a.rows; ++r)
      sum += std::max(0, std::abs(a.ptr<std::uint8_t>(r)[x] - b.ptr<std::uint8_t>(r)[x]) - kCodecNoiseGrey);
    store(x, sum);
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
