#include "pipeline/vessel/lumen_wall.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <opencv2/core/hal/intrin.hpp>
#include <utility>

#include "pipeline/vessel/lumen_edge.h"

namespace soleus {
namespace {

// Of the way from lumen to tissue, where the coarse wall is looked for. Below one half, since the dark layer
// of a wall is darker than tissue.
constexpr double kThresholdShare = 0.4;

// A wall may move by three samples from one station to the next.
constexpr int kLargestJump = 3;
// Cost of a pixel that the path moves sideways, in pixels of wrong grey.
constexpr double kBendCost = 0.3;

// The fine wall lies within 0.6 mm of the coarse one, or 5 pixels.
constexpr double kFineReachMm = 0.6;
constexpr double kLeastFineReachPx = 5.0;
// The lumen ends 2 pixels before the wall: there the blur of the display begins.
constexpr double kBlurPx = 2.0;

// A crest ends where the grey has fallen by this share of its height...
constexpr double kCrestFall = 0.1;
// ...or so far behind the edge, in pixels: the edge of a blurred display is four pixels wide.
constexpr double kCrestReachPx = 4.0;

// Dearer than any path, and still a number when a path's cost is added to it.
constexpr float kNever = 1e30F;
// Cost of a station's samples, with room for a jump beyond either end.
constexpr int kPad = kLargestJump;
constexpr std::size_t kLanes = cv::v_float32x4::nlanes;

/// What it costs, in pixels of wrong grey, to call each sample of a station the first of the tissue.
void wallCost(const WallStrip& strip, int station, double lumenGrey, double tissueGrey, double outsidePx,
              std::span<float> cost) {
  if (std::isnan(lumenGrey)) {
    std::fill(cost.begin(), cost.end(), 0.0F);
    return;
  }
  const std::span<const float> grey = strip.grey(station);
  const double stepPx = strip.stepPx(station);
  const double contrast = std::max(1.0, tissueGrey - lumenGrey);
  const auto threshold = static_cast<float>(lumenGrey + kThresholdShare * contrast);
  const auto perGrey = static_cast<float>(stepPx / (kThresholdShare * contrast));
  const auto limit = static_cast<float>(stepPx);
  // Each sample's part is limited, so that one bright or dark speckle does not decide.
  const auto bright = [&](std::size_t i) { return std::clamp((grey[i] - threshold) * perGrey, 0.0F, limit); };
  const auto dark = [&](std::size_t i) { return std::clamp((threshold - grey[i]) * perGrey, 0.0F, limit); };
  const auto outside =
      std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(outsidePx / stepPx)), 1, grey.size());
  float inside = 0;
  float behind = 0;
  for (std::size_t i = 0; i + 1 < outside; ++i) behind += dark(i);
  for (std::size_t i = 0; i < grey.size(); ++i) {
    if (i + outside > grey.size()) {
      cost[i] = kNever;
      continue;
    }
    behind += dark(i + outside - 1);
    cost[i] = inside + behind;
    behind -= dark(i);
    inside += bright(i);
  }
}

/// `now`: the cheapest way to each sample from those of `before`; `came`: from how many samples further out.
void addBestStep(const std::vector<float>& before, std::vector<float>& now, std::int32_t* came,
                 double stepPx) {
  const std::size_t count = now.size() - 2 * kPad;
  const float* from = before.data() + kPad;
  float* to = now.data() + kPad;
  std::array<float, kLargestJump + 1> bend{};
  for (int jump = 1; jump <= kLargestJump; ++jump)
    bend[static_cast<std::size_t>(jump)] = static_cast<float>(kBendCost * stepPx * jump);
  std::size_t i = 0;
  // Four samples at a time, and the same for what is left of them.
  for (; i + kLanes <= count; i += kLanes) {
    cv::v_float32x4 best = cv::v_load(from + i);
    cv::v_int32x4 way = cv::v_setzero_s32();
    for (int jump = 1; jump <= kLargestJump; ++jump) {
      const cv::v_float32x4 dearer = cv::v_setall_f32(bend[static_cast<std::size_t>(jump)]);
      for (const int there : {-jump, jump}) {
        const cv::v_float32x4 cost = cv::v_load(from + i + there) + dearer;
        const cv::v_float32x4 cheaper = cost < best;
        way = cv::v_select(cv::v_reinterpret_as_s32(cheaper), cv::v_setall_s32(there), way);
        best = cv::v_min(best, cost);
      }
    }
    cv::v_store(to + i, best);
    cv::v_store(came + i, way);
  }
  for (; i < count; ++i) {
    to[i] = from[i];
    for (int jump = 1; jump <= kLargestJump; ++jump) {
      for (const int there : {-jump, jump}) {
        const float cost =
            from[static_cast<std::ptrdiff_t>(i) + there] + bend[static_cast<std::size_t>(jump)];
        if (cost >= to[i]) continue;
        to[i] = cost;
        came[i] = there;
      }
    }
  }
}

}  // namespace

std::vector<int> wallPath(const WallStrip& strip, std::span<const double> lumenGrey,
                          std::span<const double> tissueGrey, double outsidePx) {
  const int stations = strip.stations();
  const auto samples = static_cast<std::size_t>(strip.samples());
  // A closed wall is gone round twice; the second half of the first round and the first half of the second
  // lie far from either end.
  const int steps = (strip.closed() ? 2 : 1) * stations;
  std::vector<float> before(samples + 2 * kPad, kNever);
  std::vector<float> now(samples + 2 * kPad, kNever);
  std::fill_n(now.begin() + kPad, samples, 0.0F);
  std::vector<std::int32_t> came(static_cast<std::size_t>(steps) * samples, 0);
  std::vector<float> costs(static_cast<std::size_t>(stations) * samples);
  for (int step = 0; step < steps; ++step) {
    const int s = step % stations;
    const auto at = static_cast<std::size_t>(s);
    const std::span<float> cost = std::span(costs).subspan(at * samples, samples);
    if (step < stations) wallCost(strip, s, lumenGrey[at], tissueGrey[at], outsidePx, cost);
    if (step > 0)
      addBestStep(before, now, came.data() + static_cast<std::size_t>(step) * samples, strip.stepPx(s));
    for (std::size_t i = 0; i < samples; ++i) now[kPad + i] += cost[i];
    std::swap(before, now);
  }

  std::vector<int> whole(static_cast<std::size_t>(steps));
  const auto end = before.begin() + kPad;
  int i = static_cast<int>(std::min_element(end, end + strip.samples()) - end);
  for (int step = steps - 1; step >= 0; --step) {
    whole[static_cast<std::size_t>(step)] = i;
    i += came[static_cast<std::size_t>(step) * samples + static_cast<std::size_t>(i)];
  }
  if (!strip.closed()) return whole;
  std::vector<int> path(static_cast<std::size_t>(stations));
  for (int s = 0; s < stations; ++s)
    path[static_cast<std::size_t>(s)] = whole[static_cast<std::size_t>(s < stations / 2 ? s + stations : s)];
  return path;
}

std::optional<double> halfWayToCrest(const WallStrip& averaged, int index, int lumenEnd) {
  const std::span<const float> grey = averaged.grey(index);
  const double lumen = averaged.mean(index, 0, lumenEnd);
  const double tissue = averaged.mean(index, averaged.samples() / 2, averaged.samples());
  if (!hasContrast(lumen, tissue)) return std::nullopt;
  const double rise = lumen + kThresholdShare * (tissue - lumen);
  std::size_t begin = 0;
  while (begin < grey.size() && grey[begin] < rise) ++begin;
  if (begin == 0 || begin == grey.size()) return std::nullopt;
  double crest = grey[begin];
  const auto reach = static_cast<std::size_t>(kCrestReachPx / averaged.stepPx(index));
  for (std::size_t i = begin; i < std::min(grey.size(), begin + reach); ++i) {
    if (grey[i] < crest - kCrestFall * (crest - lumen)) break;
    crest = std::max(crest, static_cast<double>(grey[i]));
  }
  const double half = 0.5 * (lumen + crest);
  std::size_t i = begin;
  while (i > 0 && grey[i - 1] >= half) --i;
  while (i < grey.size() && grey[i] < half) ++i;
  if (i == 0 || i == grey.size()) return std::nullopt;
  return static_cast<double>(i) - (grey[i] - half) / static_cast<double>(grey[i] - grey[i - 1]);
}

std::vector<cv::Point2d> fineWall(const cv::Mat& picture, std::span<const WallPoint> points,
                                  double mmPerPixel, double sigma, bool closed) {
  const double reachPx = std::max(kLeastFineReachPx, kFineReachMm / mmPerPixel);
  const int before = static_cast<int>(reachPx / kStripStepPx);
  std::vector<WallStation> stations;
  for (const WallPoint& p : points)
    stations.push_back({p.at - before * kStripStepPx * p.outward, kStripStepPx * p.outward});
  std::vector<cv::Point2d> found;
  if (stations.empty()) return found;
  const WallStrip strip = WallStrip(picture, std::move(stations), 2 * before + 1, closed).averaged(sigma);
  const int lumenEnd = before - static_cast<int>(kBlurPx / kStripStepPx);
  for (int i = 0; i < strip.stations(); ++i) {
    if (const auto index = halfWayToCrest(strip, i, lumenEnd)) found.push_back(strip.pointAt(i, *index));
  }
  return found;
}

}  // namespace soleus
