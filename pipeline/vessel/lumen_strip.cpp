#include "pipeline/vessel/lumen_strip.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

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

// A crest ends where the grey has fallen by this share of its height...
constexpr double kCrestFall = 0.1;
// ...or so far behind the edge, in pixels: the edge of a blurred display is four pixels wide.
constexpr double kCrestReachPx = 4.0;

// Dearer than any path, and still a number when a path's cost is added to it.
constexpr float kNever = 1e30F;
// Cost of a station's samples, with room for a jump beyond either end.
constexpr int kPad = kLargestJump;

/// What it costs, in pixels of wrong grey, to call each sample of a station the first of the tissue.
void wallCost(const WallStrip& strip, int station, double lumenGrey, double tissueGrey, double outsidePx,
              std::vector<float>& cost) {
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
      std::clamp<std::size_t>(static_cast<std::size_t>(outsidePx / stepPx + 0.5), 1, grey.size());
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
  float* best = now.data() + kPad;
  std::copy_n(before.data() + kPad, count, best);
  for (int jump = 1; jump <= kLargestJump; ++jump) {
    const auto bend = static_cast<float>(kBendCost * stepPx * jump);
    for (const int way : {-jump, jump}) {
      const float* from = before.data() + kPad + way;
      for (std::size_t i = 0; i < count; ++i) {
        const float c = from[i] + bend;
        came[i] = c < best[i] ? way : came[i];
        best[i] = c < best[i] ? c : best[i];
      }
    }
  }
}

}  // namespace

WallStrip::WallStrip(const cv::Mat& picture, std::vector<WallStation> stations, int samples, bool closed)
    : stations_(std::move(stations)),
      samples_(samples),
      closed_(closed),
      grey_(stations_.size() * static_cast<std::size_t>(samples)) {
  const std::span<float> all(grey_);
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const auto count = static_cast<std::size_t>(samples);
    greyAlong(picture, stations_[i].first, stations_[i].step, all.subspan(i * count, count));
  }
}

double WallStrip::stepPx(int index) const {
  return cv::norm(station(index).step);
}

std::span<const float> WallStrip::grey(int index) const {
  const auto count = static_cast<std::size_t>(samples_);
  return std::span<const float>(grey_).subspan(static_cast<std::size_t>(index) * count, count);
}

cv::Point2d WallStrip::pointAt(int index, double sample) const {
  return station(index).first + sample * station(index).step;
}

double WallStrip::mean(int index, int from, int to) const {
  const std::span<const float> profile = grey(index);
  double sum = 0;
  for (int i = from; i < to; ++i) sum += profile[static_cast<std::size_t>(i)];
  return sum / std::max(1, to - from);
}

WallStrip WallStrip::averaged(double sigma) const {
  WallStrip result = *this;
  std::fill(result.grey_.begin(), result.grey_.end(), 0.0F);
  const int reach = static_cast<int>(std::ceil(2.5 * sigma));
  std::vector<float> weightAt;
  for (int d = 0; d <= reach; ++d)
    weightAt.push_back(static_cast<float>(std::exp(-0.5 * d * d / (sigma * sigma))));
  for (int s = 0; s < stations(); ++s) {
    float* out = result.grey_.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(samples_);
    float weights = 0;
    for (int d = -reach; d <= reach; ++d) {
      int other = s + d;
      if (closed_) other = (other % stations() + stations()) % stations();
      if (other < 0 || other >= stations()) continue;
      const float weight = weightAt[static_cast<std::size_t>(std::abs(d))];
      weights += weight;
      const float* in = grey(other).data();
      for (int i = 0; i < samples_; ++i) out[i] += weight * in[i];
    }
    for (int i = 0; i < samples_; ++i) out[i] /= weights;
  }
  return result;
}

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
  std::vector<float> cost(samples);
  for (int step = 0; step < steps; ++step) {
    const int s = step % stations;
    const auto at = static_cast<std::size_t>(s);
    wallCost(strip, s, lumenGrey[at], tissueGrey[at], outsidePx, cost);
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

}  // namespace soleus
