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
  for (int s = 0; s < stations(); ++s) {
    float* out = result.grey_.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(samples_);
    float weights = 0;
    for (int d = -reach; d <= reach; ++d) {
      int other = s + d;
      if (closed_) other = (other % stations() + stations()) % stations();
      if (other < 0 || other >= stations()) continue;
      const auto weight = static_cast<float>(std::exp(-0.5 * d * d / (sigma * sigma)));
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
  const int samples = strip.samples();
  // A closed wall is gone round twice; the second half of the first round and the first of the second have
  // had time to forget the ends.
  const int rounds = strip.closed() ? 2 : 1;
  const int steps = rounds * stations;
  constexpr float kNever = std::numeric_limits<float>::max() / 4;
  std::vector<float> before(static_cast<std::size_t>(samples), 0.0F);
  std::vector<float> now(static_cast<std::size_t>(samples));
  std::vector<std::int8_t> came(static_cast<std::size_t>(steps * samples));

  std::vector<float> cost(static_cast<std::size_t>(samples));
  for (int step = 0; step < steps; ++step) {
    const int s = step % stations;
    const auto at = static_cast<std::size_t>(s);
    const std::span<const float> grey = strip.grey(s);
    const double contrast = std::max(1.0, tissueGrey[at] - lumenGrey[at]);
    const double threshold = lumenGrey[at] + kThresholdShare * contrast;
    const double limit = kThresholdShare * contrast;
    const double px = strip.stepPx(s);
    const int outside = std::clamp(static_cast<int>(std::lround(outsidePx / px)), 1, samples - 1);
    const auto wrong = [&](int i) {
      return std::clamp((grey[static_cast<std::size_t>(i)] - threshold) / limit, -1.0, 1.0) * px;
    };
    double inside = 0;
    double dark = 0;
    for (int i = 0; i < outside; ++i) dark += std::max(0.0, -wrong(i));
    for (int i = 0; i < samples; ++i) {
      // Sample i is the first of the tissue.
      cost[static_cast<std::size_t>(i)] = i + outside <= samples ? static_cast<float>(inside + dark) : kNever;
      inside += std::max(0.0, wrong(i));
      if (i + outside < samples) dark += std::max(0.0, -wrong(i + outside)) - std::max(0.0, -wrong(i));
    }
    for (int i = 0; i < samples; ++i) {
      float best = kNever;
      int from = 0;
      for (int jump = -kLargestJump; step > 0 && jump <= kLargestJump; ++jump) {
        const int j = i + jump;
        if (j < 0 || j >= samples) continue;
        const float c =
            before[static_cast<std::size_t>(j)] + static_cast<float>(kBendCost * px * std::abs(jump));
        if (c < best) {
          best = c;
          from = jump;
        }
      }
      now[static_cast<std::size_t>(i)] =
          std::min(kNever, (step > 0 ? best : 0.0F) + cost[static_cast<std::size_t>(i)]);
      came[static_cast<std::size_t>(step * samples + i)] = static_cast<std::int8_t>(from);
    }
    std::swap(before, now);
  }

  std::vector<int> whole(static_cast<std::size_t>(steps));
  int i = static_cast<int>(std::min_element(before.begin(), before.end()) - before.begin());
  for (int step = steps - 1; step >= 0; --step) {
    whole[static_cast<std::size_t>(step)] = i;
    i += came[static_cast<std::size_t>(step * samples + i)];
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
