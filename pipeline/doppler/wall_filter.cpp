#include "pipeline/doppler/wall_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>

namespace soleus {
namespace {

using Sample = std::complex<float>;

// Edges of the transition in corners. Narrower would ring longer than the 0.1 s or so that this does.
constexpr double kStopCorners = 0.6;
constexpr double kPassCorners = 1.2;
// Walls outshine blood by 40 to 60 dB; what is left must stay below the noise.
constexpr double kStopDb = 80;

/// Modified Bessel function of the first kind and order 0, by its power series.
double besselI0(double x) {
  double sum = 1;
  double term = 1;
  for (int k = 1; term > 1e-12 * sum; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

/// Low-pass by a Kaiser window (Kaiser, "Nonrecursive digital filter design using the I0-sinh window
/// function", 1974), 2 half + 1 taps that sum to 1.
std::vector<double> lowPass(int half, double turnsPerSample) {
  const double beta = 0.1102 * (kStopDb - 8.7);
  std::vector<double> taps;
  double sum = 0;
  for (int n = -half; n <= half; ++n) {
    const double x = static_cast<double>(n) / (half + 1);
    const double window = besselI0(beta * std::sqrt(1.0 - x * x)) / besselI0(beta);
    const double angle = 2.0 * std::numbers::pi * turnsPerSample * n;
    taps.push_back(window * (n == 0 ? 1.0 : std::sin(angle) / angle));
    sum += taps.back();
  }
  for (double& tap : taps) tap /= sum;
  return taps;
}

Sample mirrored(Sample end, Sample inside) {
  return 2.0F * end - inside;
}

}  // namespace

WallFilter::WallFilter(double cornerHz, double sampleRateHz) {
  if (cornerHz <= 0 || kPassCorners * cornerHz >= sampleRateHz / 2) return;
  const double transition = 2.0 * std::numbers::pi * (kPassCorners - kStopCorners) * cornerHz / sampleRateHz;
  half_ = static_cast<int>(std::ceil((kStopDb - 8.0) / (2.285 * transition) / 2.0));
  // As many samples come out of a block as help it from outside: more would only come later.
  transformed_ = cv::getOptimalDFTSize(4 * half_ + 1);
  const auto taps = lowPass(half_, (kStopCorners + kPassCorners) / 2 * cornerHz / sampleRateHz);
  cv::Mat kernel(1, transformed_, CV_64FC2, cv::Scalar(0, 0));
  for (int n = -half_; n <= half_; ++n) {
    const int at = (n + transformed_) % transformed_;
    kernel.at<cv::Vec2d>(0, at)[0] = (n == 0 ? 1.0 : 0.0) - taps[static_cast<std::size_t>(n + half_)];
  }
  cv::dft(kernel, kernel);
  kernel.convertTo(response_, CV_32F);
  block_.create(1, transformed_, CV_32FC2);
}

void WallFilter::push(std::span<const Sample> in, std::vector<Sample>& out) {
  if (transformed_ == 0) {
    out.insert(out.end(), in.begin(), in.end());
    return;
  }
  held_.insert(held_.end(), in.begin(), in.end());
  owed_ += in.size();
  if (!begun_) {
    if (held_.size() <= static_cast<std::size_t>(half_)) return;
    reflectFront();
  }
  while (held_.size() >= static_cast<std::size_t>(transformed_)) transform(transformed_ - 2 * half_, out);
}

void WallFilter::finish(std::vector<Sample>& out) {
  if (owed_ > 0) {
    if (!begun_) reflectFront();
    const std::size_t last = held_.size() - 1;
    const Sample end = held_[last];
    for (std::size_t n = 1; n <= static_cast<std::size_t>(half_); ++n) {
      held_.push_back(mirrored(end, held_[last - std::min(n, last)]));
    }
    while (owed_ > 0) {
      held_.resize(std::max(held_.size(), static_cast<std::size_t>(transformed_)));
      transform(static_cast<int>(std::min<std::size_t>(owed_, transformed_ - 2 * half_)), out);
    }
  }
  held_.clear();
  begun_ = false;
}

void WallFilter::reflectFront() {
  std::vector<Sample> front;
  for (std::size_t n = static_cast<std::size_t>(half_); n > 0; --n) {
    front.push_back(mirrored(held_.front(), held_[std::min(n, held_.size() - 1)]));
  }
  held_.insert(held_.begin(), front.begin(), front.end());
  begun_ = true;
}

/// Overlap and save: the first `wanted` outputs of the oldest block.
void WallFilter::transform(int wanted, std::vector<Sample>& out) {
  std::copy_n(held_.begin(), transformed_, block_.ptr<Sample>());
  cv::dft(block_, block_);
  cv::mulSpectrums(block_, response_, block_, 0);
  cv::dft(block_, block_, cv::DFT_INVERSE | cv::DFT_SCALE);
  const Sample* first = block_.ptr<Sample>() + half_;
  out.insert(out.end(), first, first + wanted);
  held_.erase(held_.begin(), held_.begin() + wanted);
  owed_ -= static_cast<std::size_t>(wanted);
}

}  // namespace soleus
