#include "pipeline/vessel/lumen_strip.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "pipeline/vessel/lumen_edge.h"

namespace soleus {

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

}  // namespace soleus
