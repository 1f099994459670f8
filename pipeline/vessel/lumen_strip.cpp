#include "pipeline/vessel/lumen_strip.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/core/hal/intrin.hpp>
#include <utility>

#include "pipeline/vessel/lumen_edge.h"

namespace soleus {
namespace {

struct Neighbour {
  const float* grey;
  float weight;
};

/// Of each of `count` samples, over the neighbours.
void weightedMean(const std::vector<Neighbour>& neighbours, float* out, int count) {
  constexpr int kLanes = cv::v_float32x4::nlanes;
  float weights = 0;
  for (const Neighbour& n : neighbours) weights += n.weight;
  int i = 0;
  // A few samples through all neighbours at once: their sums stay in registers.
  for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
    cv::v_float32x4 left = cv::v_setzero_f32();
    cv::v_float32x4 right = cv::v_setzero_f32();
    for (const Neighbour& n : neighbours) {
      const cv::v_float32x4 weight = cv::v_setall_f32(n.weight);
      left += weight * cv::v_load(n.grey + i);
      right += weight * cv::v_load(n.grey + i + kLanes);
    }
    cv::v_store(out + i, left / cv::v_setall_f32(weights));
    cv::v_store(out + i + kLanes, right / cv::v_setall_f32(weights));
  }
  for (; i < count; ++i) {
    float sum = 0;
    for (const Neighbour& n : neighbours) sum += n.weight * n.grey[i];
    out[i] = sum / weights;
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
  const int reach = static_cast<int>(std::ceil(2.5 * sigma));
  std::vector<float> weightAt;
  for (int d = 0; d <= reach; ++d)
    weightAt.push_back(static_cast<float>(std::exp(-0.5 * d * d / (sigma * sigma))));
  std::vector<Neighbour> neighbours;
  for (int s = 0; s < stations(); ++s) {
    neighbours.clear();
    for (int d = -reach; d <= reach; ++d) {
      int other = s + d;
      if (closed_) other = (other % stations() + stations()) % stations();
      if (other < 0 || other >= stations()) continue;
      neighbours.push_back({grey(other).data(), weightAt[static_cast<std::size_t>(std::abs(d))]});
    }
    weightedMean(neighbours,
                 result.grey_.data() + static_cast<std::size_t>(s) * static_cast<std::size_t>(samples_),
                 samples_);
  }
  return result;
}

}  // namespace soleus
